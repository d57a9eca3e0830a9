import { Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import type { AppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { ConfirmedIdentity } from '../../../shell/confirm-identity.tsx';
import { Dialog } from '../../../shell/dialog.tsx';
import { ErrorState } from '../../../shell/page-states.tsx';
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
  const { apps, shell } = useMessages();
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
            {mutation.error === null ? null : <ErrorState error={mutation.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {shell.cancel}
              </Button>
              <Button type="submit" color="danger" loading={mutation.isPending} disabled={typed.trim() !== app.name}>
                {retire.button}
              </Button>
            </Group>
          </Stack>
        </form>
      </ConfirmedIdentity>
    </Dialog>
  );
}
