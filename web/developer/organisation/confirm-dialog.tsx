import { Stack, Text } from '@mantine/core';
import { Dialog } from '../../shell/dialog.tsx';
import { FormActions } from '../../shell/form-actions.tsx';

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
  return (
    <Dialog opened={opened} onClose={close} title={title}>
      <Stack>
        <Text>{text}</Text>
        <FormActions
          action={{ error, isPending: pending }}
          label={button}
          onCancel={close}
          onConfirm={onYes}
          isDangerous
        />
      </Stack>
    </Dialog>
  );
}
