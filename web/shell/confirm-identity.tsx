import { Alert, Button, Group, Text } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { useRef } from 'react';
import { useMessages } from '../i18n/index.ts';
import { confirmIdentityUrl } from './api.ts';
import { useSession } from './session.ts';

/** Asks the user to confirm their identity. The page for it leads back to the current page with its open dialog. */
export function ConfirmIdentity({
  ref,
  onCancel,
}: {
  readonly ref?: React.Ref<HTMLDivElement>;
  readonly onCancel?: () => void;
}) {
  const { shell } = useMessages();
  return (
    <Alert
      {...(ref === undefined ? {} : { ref })}
      tabIndex={-1}
      variant="light"
      icon={<IconShieldLock aria-hidden />}
      title={shell.confirmIdentity.title}
    >
      <Text size="sm">{shell.confirmIdentity.text}</Text>
      <Group gap="xs" mt="sm">
        <Button component="a" href={confirmIdentityUrl()} data-autofocus>
          {shell.confirmIdentity.button}
        </Button>
        {onCancel === undefined ? null : (
          <Button variant="default" onClick={onCancel}>
            {shell.cancel}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

/**
 * Shows the form of a sensitive action to users who authenticated recently. Others confirm their identity first, so
 * that they don't type something that the server would then reject. A form that is open already stays open.
 */
export function ConfirmedIdentity({
  onCancel,
  children,
}: {
  readonly onCancel: () => void;
  readonly children: React.ReactNode;
}) {
  return useConfirmedIdentity() ? children : <ConfirmIdentity onCancel={onCancel} />;
}

/** Returns whether the user authenticated recently. Once true, it stays true while the component is shown. */
export function useConfirmedIdentity(): boolean {
  const { confirmedUntil } = useSession();
  const isConfirmed = useRef(false);
  isConfirmed.current ||= Date.now() < confirmedUntil;
  return isConfirmed.current;
}
