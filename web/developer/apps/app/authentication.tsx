import { Button, Card, List, Stack, Text, Title } from '@mantine/core';
import type { AppResponse, CatalogResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { ConfirmedIdentity } from '../../../shell/confirm-identity.tsx';
import { Dialog } from '../../../shell/dialog.tsx';
import { FormActions } from '../../../shell/form-actions.tsx';
import { useAddress } from '../../../shell/use-address.ts';
import { AuthMethodField } from '../draft/authentication-fields.tsx';
import { DraftContext } from '../draft/draft-form.ts';
import { KeyFields } from '../draft/key-fields.tsx';
import { SecretLifetime } from '../draft/secret-lifetime.tsx';
import { Notice } from '../notice.tsx';
import { useAuthentication } from './use-authentication.ts';

interface AuthenticationProps {
  readonly app: AppResponse;
  readonly catalogue: CatalogResponse;
}

/**
 * Shows how an app authenticates and lets the developer change it. The open dialog is stored in the URL, so that it is
 * still open when the developer returns from confirming their identity on another page.
 */
export function Authentication({ app, catalogue }: AuthenticationProps) {
  const { auth, sections, authentication } = useMessages().apps;
  const { search, choose } = useAddress();
  const mayChange = app.may.change && app.state !== 'retired';
  const now = authentication.methods[app.terms.auth];
  return (
    <Card component="section" withBorder radius="md" padding="lg">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {sections.proof}
        </Title>
        <div>
          <Text fw={600}>{now.name}</Text>
          <Text size="sm" c="dimmed">
            {now.text}
          </Text>
        </div>
        {mayChange ? (
          <div>
            <Button variant="default" onClick={() => choose({ change: 'auth' }, { replace: false })}>
              {auth.change}
            </Button>
          </div>
        ) : null}
      </Stack>
      <Dialog
        opened={mayChange && search.get('change') === 'auth'}
        onClose={() => choose({ change: null })}
        title={auth.title}
      >
        <ConfirmedIdentity onCancel={() => choose({ change: null })}>
          <ChangeAuthentication app={app} catalogue={catalogue} onClose={() => choose({ change: null })} />
        </ConfirmedIdentity>
      </Dialog>
    </Card>
  );
}

function ChangeAuthentication({ app, catalogue, onClose }: AuthenticationProps & { readonly onClose: () => void }) {
  const { apps } = useMessages();
  const { auth } = apps;
  const changing = useAuthentication(app, onClose);
  const { draft, errors, act, isSame } = changing;
  const form = { draft, catalogue, disabled: false, change: changing.change };
  return (
    <DraftContext value={{ ...form, touch: errors.touch, errorAt: errors.errorAt }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void changing.send();
        }}
      >
        <Stack>
          <Text size="sm">{auth.lead}</Text>
          <AuthMethodField />
          {draft.auth === 'secret' && app.terms.auth !== 'secret' ? (
            <SecretLifetime days={changing.secretDays} onChange={changing.setSecretDays} />
          ) : null}
          {changing.keysLost ? <Notice color="warning">{apps.newApp.keysAgain}</Notice> : null}
          {draft.auth === 'private_key_jwt' ? <KeyFields /> : null}
          {isSame ? <Text size="sm">{auth.same}</Text> : <Consequences from={app.terms.auth} to={draft.auth} />}
          <FormActions action={act} label={auth.button} onCancel={changing.leave} disabled={isSame} />
        </Stack>
      </form>
    </DraftContext>
  );
}

type AuthMethod = AppResponse['terms']['auth'];

/** Lists which credentials a change of the authentication method removes and adds, before the developer makes it. */
function Consequences({ from, to }: { readonly from: AuthMethod; readonly to: AuthMethod }) {
  const { auth } = useMessages().apps;
  const consequences = [
    ...(from === 'secret' ? [auth.losesSecrets] : []),
    ...(from === 'private_key_jwt' ? [auth.losesKeys] : []),
    ...(to === 'secret' ? [auth.getsSecret] : []),
  ];
  if (consequences.length === 0) return null;
  return (
    <Notice color="warning">
      <List size="sm">
        {consequences.map((one) => (
          <List.Item key={one}>{one}</List.Item>
        ))}
      </List>
    </Notice>
  );
}
