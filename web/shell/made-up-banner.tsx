import { Alert, Button, Group, Text } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from './api.ts';
import { Dialog } from './dialog.tsx';
import { FormActions } from './form-actions.tsx';
import { notify } from './notifications.tsx';

interface MadeUpMessages {
  readonly title: string;
  readonly text: string;
  readonly startOver: string;
  readonly startOverQuestion: string;
  readonly startedOver: string;
}

/** Says that a visitor of the sandbox sees made-up apps. The visitor can start over with new ones. */
export function MadeUpBanner({
  messages,
  path,
  onStartedOver,
}: {
  readonly messages: MadeUpMessages;
  /** Path of the route that replaces the visitor's apps. */
  readonly path: string;
  /** Leaves the current page, whose app no longer exists, and reads everything again. */
  readonly onStartedOver: () => Promise<void>;
}) {
  const [isConfirming, setConfirming] = useState(false);
  const starting = useMutation({
    mutationFn: () => api<void>('POST', path),
    onSuccess: async () => {
      setConfirming(false);
      await onStartedOver();
      notify(messages.startedOver);
    },
  });
  return (
    <Alert icon={<IconFlask aria-hidden />} variant="light" title={messages.title} mb="md">
      <Group justify="space-between" gap="sm">
        <Text size="sm" maw="var(--width-text)">
          {messages.text}
        </Text>
        <Button variant="default" size="sm" onClick={() => setConfirming(true)}>
          {messages.startOver}
        </Button>
      </Group>
      <Dialog opened={isConfirming} onClose={() => setConfirming(false)} title={messages.startOverQuestion}>
        <FormActions
          action={starting}
          label={messages.startOver}
          onCancel={() => setConfirming(false)}
          onConfirm={() => starting.mutate()}
        />
      </Dialog>
    </Alert>
  );
}
