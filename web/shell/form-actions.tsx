import { Button, Group } from '@mantine/core';
import { useMessages } from '../i18n/index.ts';
import { ErrorState } from './page-states.tsx';

interface FormActionsProps {
  /** The action that runs, such as a mutation of TanStack Query. */
  readonly action: { readonly error: Error | null; readonly isPending: boolean };
  readonly label: string;
  readonly onCancel: () => void;
  /** Starts the action. Without it, the button submits the form around it. */
  readonly onConfirm?: () => void;
  /** Whether the action removes something or can't be undone. */
  readonly isDangerous?: boolean;
  readonly disabled?: boolean;
}

/** The end of a form or dialog: why the action failed, if it did, and the buttons to cancel and to confirm. */
export function FormActions({
  action,
  label,
  onCancel,
  onConfirm,
  isDangerous = false,
  disabled = false,
}: FormActionsProps) {
  const { shell } = useMessages();
  return (
    <>
      {action.error === null ? null : <ErrorState error={action.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onCancel}>
          {shell.cancel}
        </Button>
        <Button
          {...(onConfirm === undefined ? { type: 'submit' } : { onClick: onConfirm })}
          color={isDangerous ? 'danger' : 'accent'}
          loading={action.isPending}
          disabled={disabled}
        >
          {label}
        </Button>
      </Group>
    </>
  );
}
