import { Button, Card, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import type { AppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { ConfirmedIdentity } from '../../../shell/confirm-identity.tsx';
import { Dialog } from '../../../shell/dialog.tsx';
import { FormActions } from '../../../shell/form-actions.tsx';
import { useAddress } from '../../../shell/use-address.ts';
import { useAppMutation } from './use-app-mutation.ts';

/** Retires an app permanently. The developer has to type the app's name, so that this doesn't happen by mistake. */
export function Retire({ app }: { readonly app: AppResponse }) {
  const { retire } = useMessages().apps;
  const { search, choose } = useAddress();
  return (
    <Card
      component="section"
      withBorder
      radius="md"
      padding="lg"
      style={{ borderColor: 'var(--mantine-color-danger-outline)' }}
    >
      <Stack gap="sm">
        <Title order={2} size="h4">
          {retire.title}
        </Title>
        <Text>{retire.text}</Text>
        {app.may.administer ? (
          <div>
            <Button color="danger" variant="outline" onClick={() => choose({ retire: 'app' })}>
              {retire.open}
            </Button>
          </div>
        ) : (
          <Text size="sm" c="dimmed">
            {retire.admins}
          </Text>
        )}
      </Stack>
      <RetireDialog
        app={app}
        opened={app.may.administer && search.get('retire') === 'app'}
        close={() => choose({ retire: null })}
      />
    </Card>
  );
}

function RetireDialog({
  app,
  opened,
  close,
}: {
  readonly app: AppResponse;
  readonly opened: boolean;
  readonly close: () => void;
}) {
  const { apps } = useMessages();
  const { retire } = apps;
  const [typed, setTyped] = useState('');
  const mutation = useAppMutation(app.clientId, 'POST', 'retire', { successMessage: retire.done, onDone: close });
  return (
    <Dialog opened={opened} onClose={close} title={retire.title}>
      <ConfirmedIdentity onCancel={close}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim() === app.name) mutation.mutate(undefined);
          }}
        >
          <Stack>
            <Text>{retire.text}</Text>
            <TextInput
              data-autofocus
              label={retire.type(app.name)}
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <FormActions
              action={mutation}
              label={retire.button}
              onCancel={close}
              isDangerous
              disabled={typed.trim() !== app.name}
            />
          </Stack>
        </form>
      </ConfirmedIdentity>
    </Dialog>
  );
}
