import { Checkbox, SimpleGrid, Stack, Text, Textarea } from '@mantine/core';
import { useWords } from '../../../words/index.ts';
import { useDraft } from './form.ts';
import { Part } from './part.tsx';
import { ResourceScopes } from './resource-scopes.tsx';
import { hasScope, withScope } from './scopes.ts';

/** Explained separately: access that continues after the session. */
const AWAY = 'offline_access';

/** APIs and scopes. */
export function DataFields() {
  const messages = useWords().apps.data;
  const { draft, catalogue, change, touch, disabled, errorAt } = useDraft();
  const others = catalogue.kinds[draft.kind]?.others ?? [];
  const away = others.find(({ scope }) => scope === AWAY);
  const rest = others.filter(({ scope }) => scope !== AWAY);
  const one = ({ scope, label, hint }: (typeof others)[number]) => (
    <Checkbox
      key={scope}
      label={label}
      description={hint === '' ? scope : `${hint} (${scope})`}
      checked={hasScope(draft.scope, scope)}
      disabled={disabled}
      onChange={(event) => {
        change({ scope: withScope(draft.scope, scope, event.currentTarget.checked) });
        touch('scope');
      }}
    />
  );
  return (
    <>
      <Apis />
      <ResourceScopes />
      {away === undefined ? null : (
        <Part legend={messages.away}>
          <Stack gap="sm" mt={8}>
            {one(away)}
          </Stack>
        </Part>
      )}
      {rest.length === 0 ? null : (
        <Part legend={messages.signIn}>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" mt={8}>
            {rest.map(one)}
          </SimpleGrid>
        </Part>
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

function Apis() {
  const messages = useWords().apps.data;
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
