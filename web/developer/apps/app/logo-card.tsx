import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { AppAnswer } from '../../../../src/portal/contract/apps.ts';
import { Failure } from '../../../shell/states.tsx';
import { useWords } from '../../../words/index.ts';
import { LogoField } from '../draft/logo-field.tsx';
import { blobOf } from '../draft/small-picture.ts';
import { useAct } from './use-act.ts';

/** The logo is uploaded separately from the form. If a version is in review, the change applies to its logo. */
export function LogoCard({ app }: { readonly app: AppAnswer }) {
  const { settings } = useWords().apps;
  const [chosen, setChosen] = useState<string>();
  const save = useAct(app.clientId, 'PUT', 'logo', {
    successMessage: settings.logoSaved,
    onDone: () => setChosen(undefined),
  });
  const remove = useAct(app.clientId, 'DELETE', 'logo', { successMessage: settings.logoRemoved });
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
        {remove.error === null ? null : <Failure error={remove.error} />}
        {save.error === null ? null : <Failure error={save.error} />}
        {chosen === undefined ? null : (
          <Group>
            <Button loading={save.isPending} onClick={() => save.mutate(blobOf(chosen))}>
              {settings.saveLogo}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}
