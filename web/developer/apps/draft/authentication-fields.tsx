import { Checkbox, Code, Radio, Stack, Text } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import { useDraft } from './draft-form.ts';
import { KeyFields } from './key-fields.tsx';
import { OptionalFields } from './optional-fields.tsx';

/** Names of the authentication methods in OAuth, RFC 7591 §2 and OpenID Connect Core §9. */
const METHOD_NAMES = {
  none: 'none',
  secret: 'client_secret_basic',
  private_key_jwt: 'private_key_jwt',
} as const;

/**
 * Form fields for the authentication of an app.
 * @param children field for the expiration of the app's first secret
 */
export function AuthenticationFields({ children }: { readonly children: React.ReactNode }) {
  const { optional } = useMessages().apps.newApp;
  const { draft } = useDraft();
  return (
    <>
      <AuthMethodField />
      {draft.auth === 'private_key_jwt' ? <KeyFields /> : null}
      {draft.auth === 'secret' ? (
        <OptionalFields title={optional.secret} fields={[]}>
          {children}
        </OptionalFields>
      ) : null}
      <OptionalFields title={optional.protection} fields={['dpopBound', 'requireAud']}>
        <ProtectionFields />
      </OptionalFields>
    </>
  );
}

/** Form field to choose between a public client, a client secret and a key pair. */
export function AuthMethodField() {
  const messages = useMessages().apps.authentication;
  const { draft, catalogue, change, touch, disabled, errorAt } = useDraft();
  const auths = catalogue.kinds[draft.kind]?.auths ?? [];
  const fieldError = errorAt('auth');
  return (
    <Radio.Group
      label={messages.label}
      error={fieldError}
      value={draft.auth}
      onChange={(auth) => {
        change({ auth: auth as typeof draft.auth });
        touch('auth');
      }}
    >
      <Stack gap="xs" mt={8}>
        {auths.map((auth) => (
          <Radio.Card
            key={auth}
            value={auth}
            p="sm"
            radius="md"
            disabled={disabled}
            aria-label={`${messages.methods[auth].name} (${METHOD_NAMES[auth]})`}
          >
            <div style={{ display: 'flex', gap: 12, alignItems: 'flex-start' }}>
              <Radio.Indicator mt={2} />
              <div>
                <Text fw={600} size="sm">
                  {messages.methods[auth].name} <Code>{METHOD_NAMES[auth]}</Code>
                </Text>
                <Text size="sm" c="dimmed">
                  {messages.methods[auth].text}
                </Text>
              </div>
            </div>
          </Radio.Card>
        ))}
      </Stack>
    </Radio.Group>
  );
}

export function ProtectionFields() {
  const messages = useMessages().apps.authentication;
  const { draft, change, disabled } = useDraft();
  return (
    <Stack gap="sm">
      <Checkbox
        label={messages.dpop}
        description={messages.dpopHint}
        checked={draft.dpopBound}
        disabled={disabled}
        onChange={(event) => change({ dpopBound: event.currentTarget.checked })}
      />
      {draft.kind === 'backend' ? null : (
        <Checkbox
          label={messages.aud}
          description={messages.audHint}
          checked={draft.requireAud}
          disabled={disabled}
          onChange={(event) => change({ requireAud: event.currentTarget.checked })}
        />
      )}
    </Stack>
  );
}
