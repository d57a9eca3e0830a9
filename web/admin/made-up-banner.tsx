import { Alert, Button, Group, Text } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAdminMessages } from '../i18n/index.ts';
import { api } from '../shell/api.ts';
import { Dialog } from '../shell/dialog.tsx';
import { notify } from '../shell/notifications.tsx';
import { ErrorState } from '../shell/page-states.tsx';

/** Says that a visitor of the sandbox reviews made-up apps. The visitor can start over with new ones. */
export function MadeUpBanner() {
  const { review, shell } = useAdminMessages();
  const { madeUp } = review;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isConfirming, setConfirming] = useState(false);
  const starting = useMutation({
    mutationFn: () => api<void>('POST', '/review/made-up/start-over'),
    onSuccess: async () => {
      setConfirming(false);
      // The app of the current page no longer exists.
      await navigate('/review');
      await client.resetQueries({ queryKey: ['review'] });
      notify(madeUp.startedOver);
    },
  });
  return (
    <Alert icon={<IconFlask aria-hidden />} variant="light" title={madeUp.title} mb="md">
      <Group justify="space-between" gap="sm">
        <Text size="sm" maw="var(--width-text)">
          {madeUp.text}
        </Text>
        <Button variant="default" size="sm" onClick={() => setConfirming(true)}>
          {madeUp.startOver}
        </Button>
      </Group>
      <Dialog opened={isConfirming} onClose={() => setConfirming(false)} title={madeUp.startOverQuestion}>
        {starting.error === null ? null : <ErrorState error={starting.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => setConfirming(false)}>
            {shell.cancel}
          </Button>
          <Button loading={starting.isPending} onClick={() => starting.mutate()}>
            {madeUp.startOver}
          </Button>
        </Group>
      </Dialog>
    </Alert>
  );
}
