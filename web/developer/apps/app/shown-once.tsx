import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { useWords } from '../../../words/index.ts';
import { Copyable } from '../copying.tsx';
import { Notice } from '../notice.tsx';

/** Shows a secret the only time it can be seen. */
export function ShownOnce({
  label,
  secret,
  onDone,
}: {
  readonly label: string;
  readonly secret: string;
  readonly onDone: () => void;
}) {
  const { apps, shell } = useWords();
  const { credentials } = apps;
  const [isSaved, setSaved] = useState(false);
  return (
    <Stack>
      <Copyable label={label} value={secret} />
      <Notice color="yellow" icon={<IconKey aria-hidden />}>
        {credentials.once}
      </Notice>
      <Checkbox
        label={credentials.keptIt}
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
