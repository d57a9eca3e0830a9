import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { AppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { ErrorState } from '../../../shell/page-states.tsx';
import { useSession } from '../../../shell/session.ts';
import { LogoField } from '../draft/logo-field.tsx';
import { dataUrlToBlob } from '../draft/scale-image.ts';
import { useAppMutation } from './use-app-mutation.ts';

/**
 * Card to upload or remove an app's logo, separately from the settings form. If a version is in review, the change
 * applies to the logo of that version.
 */
export function LogoCard({ app }: { readonly app: AppResponse }) {
  const { madeUp } = useMessages();
  const { person } = useSession();
  if (person?.sandboxDeveloper !== true) return <OwnLogoCard app={app} />;
  return <Text size="sm">{madeUp.logo}</Text>;
}

function OwnLogoCard({ app }: { readonly app: AppResponse }) {
  const { settings } = useMessages().apps;
  const [chosen, setChosen] = useState<string>();
  const save = useAppMutation(app.clientId, 'PUT', 'logo', {
    successMessage: settings.logoSaved,
    onDone: () => setChosen(undefined),
  });
  const remove = useAppMutation(app.clientId, 'DELETE', 'logo', { successMessage: settings.logoRemoved });
  const waiting = app.open?.logo ?? undefined;
  const preview = chosen ?? waiting ?? app.logo ?? undefined;
  const choose = (picture: string | undefined) => {
    if (picture === undefined && chosen === undefined) remove.mutate(undefined);
    else setChosen(picture);
  };
  return (
    <Card withBorder radius="md" padding="lg">
      <Stack gap="md">
        <LogoField
          logo={preview}
          onChange={choose}
          disabled={!app.may.change || app.state === 'retired' || remove.isPending}
        />
        {chosen === undefined && app.open?.waits?.includes('logo') ? <Text size="sm">{settings.logoWaits}</Text> : null}
        {remove.error === null ? null : <ErrorState error={remove.error} />}
        {save.error === null ? null : <ErrorState error={save.error} />}
        {chosen === undefined ? null : (
          <Group>
            <Button loading={save.isPending} onClick={() => save.mutate(dataUrlToBlob(chosen))}>
              {settings.saveLogo}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}
