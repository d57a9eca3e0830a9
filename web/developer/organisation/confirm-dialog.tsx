import { Button, Group, Stack, Text } from '@mantine/core';
import { useMessages } from '../../i18n/index.ts';
import { Dialog } from '../../shell/dialog.tsx';
import { ErrorState } from '../../shell/page-states.tsx';

/** Dialog that asks for a confirmation before something is deleted or ended. */
export function ConfirmDialog({
  opened,
  close,
  title,
  text,
  button,
  pending,
  error,
  onYes,
}: {
  readonly opened: boolean;
  readonly close: () => void;
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly pending: boolean;
  readonly error: Error | null;
  readonly onYes: () => void;
}) {
  const { shell } = useMessages();
  return (
    <Dialog opened={opened} onClose={close} title={title}>
      <Stack>
        <Text>{text}</Text>
        {error === null ? null : <ErrorState error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {shell.cancel}
          </Button>
          <Button color="danger" loading={pending} onClick={onYes}>
            {button}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
