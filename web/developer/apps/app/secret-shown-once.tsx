import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { CopyableValue } from '../copyable.tsx';
import { Notice } from '../notice.tsx';

/** Shows a new client secret, the only time that it can be seen. */
export function SecretShownOnce({
  label,
  secret,
  onDone,
}: {
  readonly label: string;
  readonly secret: string;
  readonly onDone: () => void;
}) {
  const { apps, shell } = useMessages();
  const { credentials } = apps;
  const [isSaved, setSaved] = useState(false);
  return (
    <Stack>
      <CopyableValue label={label} value={secret} />
      <Notice color="warning" icon={<IconKey aria-hidden />}>
        {credentials.once}
      </Notice>
      <Checkbox
        label={credentials.secretStored}
        checked={isSaved}
        onChange={(event) => setSaved(event.currentTarget.checked)}
      />
      <Group justify="flex-end">
        <Button disabled={!isSaved} onClick={onDone}>
          {shell.close}
        </Button>
      </Group>
    </Stack>
  );
}
