import { Checkbox, SimpleGrid, Stack, Text, Textarea } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import { useDraft } from './draft-form.ts';
import { FieldGroup } from './field-group.tsx';
import { ResourceScopes } from './resource-scopes.tsx';
import { hasScope, setScope } from './scopes.ts';

/** Scope for access that continues after the session. The form explains it separately from the other scopes. */
const OFFLINE_ACCESS = 'offline_access';

/** Form fields for the APIs and scopes of an app. */
export function DataFields() {
  const messages = useMessages().apps.data;
  const { draft, catalogue, change, touch, disabled, errorAt } = useDraft();
  const others = catalogue.kinds[draft.kind]?.others ?? [];
  const away = others.find(({ scope }) => scope === OFFLINE_ACCESS);
  const rest = others.filter(({ scope }) => scope !== OFFLINE_ACCESS);
  const one = ({ scope, label, hint }: (typeof others)[number]) => (
    <Checkbox
      key={scope}
      label={label}
      description={hint === '' ? scope : `${hint} (${scope})`}
      checked={hasScope(draft.scope, scope)}
      disabled={disabled}
      onChange={(event) => {
        change({ scope: setScope(draft.scope, scope, event.currentTarget.checked) });
        touch('scope');
      }}
    />
  );
  return (
    <>
      <ApiCheckboxes />
      <ResourceScopes />
      {away === undefined ? null : (
        <FieldGroup legend={messages.away}>
          <Stack gap="sm" mt={8}>
            {one(away)}
          </Stack>
        </FieldGroup>
      )}
      {rest.length === 0 ? null : (
        <FieldGroup legend={messages.signIn}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" mt={8}>
            {rest.map(one)}
          </SimpleGrid>
        </FieldGroup>
      )}
      <Textarea
        label={messages.asText}
        description={messages.asTextHint}
        value={draft.scope}
        error={errorAt('scope')}
        disabled={disabled}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        autoCapitalize="none"
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        onChange={(event) => change({ scope: event.currentTarget.value })}
        onBlur={() => touch('scope')}
      />
    </>
  );
}

function ApiCheckboxes() {
  const messages = useMessages().apps.data;
  const { draft, catalogue, change, touch, disabled, errorAt } = useDraft();
  const fieldError = errorAt('apis');
  return (
    <Checkbox.Group
      label={messages.apis}
      description={messages.apisHint}
      error={fieldError}
      value={draft.apis}
      onChange={(apis) => {
        change({ apis: catalogue.apis.map(({ api }) => api).filter((api) => apis.includes(api)) });
        touch('apis');
      }}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" mt={8}>
        {catalogue.apis.map(({ api, name, title }) => (
          <Checkbox.Card key={api} value={api} p="sm" radius="md" disabled={disabled} aria-label={`${title} (${name})`}>
            <div style={{ display: 'flex', gap: 12, alignItems: 'flex-start' }}>
              <Checkbox.Indicator mt={2} />
              <div>
                <Text fw={600} size="sm">
                  {title}
                </Text>
                <Text size="xs" ff="monospace">
                  {name}
                </Text>
              </div>
            </div>
          </Checkbox.Card>
        ))}
      </SimpleGrid>
    </Checkbox.Group>
  );
}
