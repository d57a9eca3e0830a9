import { Stack, Text } from '@mantine/core';
import type { AppResponse, SecretResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { ConfirmedIdentity } from '../../../shell/confirm-identity.tsx';
import { Dialog } from '../../../shell/dialog.tsx';
import { FormActions } from '../../../shell/form-actions.tsx';
import { useAppMutation } from './use-app-mutation.ts';

/**
 * Dialog that ends a client secret.
 * @param secret the secret to end; undefined keeps the dialog closed
 */
export function EndSecret({
  app,
  secret,
  onClose,
}: {
  readonly app: AppResponse;
  readonly secret: SecretResponse | undefined;
  readonly onClose: () => void;
}) {
  const { apps } = useMessages();
  const { credentials } = apps;
  const end = useAppMutation(app.clientId, 'DELETE', `secrets/${secret?.secretId}`, {
    successMessage: credentials.endedNow,
    onDone: onClose,
  });
  return (
    <Dialog opened={secret !== undefined} onClose={onClose} title={credentials.endSure(secret?.name ?? '')}>
      <ConfirmedIdentity onCancel={onClose}>
        <Stack>
          <Text>{credentials.endText}</Text>
          <FormActions
            action={end}
            label={credentials.end}
            onCancel={onClose}
            onConfirm={() => end.mutate(undefined)}
            isDangerous
          />
        </Stack>
      </ConfirmedIdentity>
    </Dialog>
  );
}
