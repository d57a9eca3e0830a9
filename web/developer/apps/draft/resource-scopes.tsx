import { Button, Checkbox, Group, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { useDraft } from './draft-form.ts';
import { FieldGroup } from './field-group.tsx';
import {
  groupResources,
  hasScope,
  type ScopeResource,
  scopeContext,
  setScope,
  setScopes,
  setWildcard,
  wildcardScope,
} from './scopes.ts';

/** Form fields for the scopes of resource types: a checkbox for each type, and one for all types. */
export function ResourceScopes() {
  const { draft, catalogue } = useDraft();
  const resources = catalogue.kinds[draft.kind]?.resources ?? [];
  const contexts = [...new Set(resources.map(({ scope }) => scopeContext(scope)))];
  return contexts.map((context) => (
    <ContextScopes
      key={context}
      context={context}
      only={contexts.length === 1}
      resources={resources.filter(({ scope }) => scopeContext(scope) === context)}
    />
  ));
}

function ContextScopes({
  context,
  only,
  resources,
}: {
  readonly context: string;
  /**
   * Whether `context` is the only scope context (`patient`, `user` or `system`) that the app can use. The list of
   * resource types is then expanded from the start.
   */
  readonly only: boolean;
  readonly resources: readonly ScopeResource[];
}) {
  const messages = useMessages().apps.data;
  const { draft, change, touch, disabled } = useDraft();
  const all = wildcardScope(context);
  const everything = hasScope(draft.scope, all);
  const chosen = resources.some(({ scope }) => hasScope(draft.scope, scope));
  const [opened, setOpened] = useState(only || chosen);
  const set = (scope: string) => {
    change({ scope });
    touch('scope');
  };
  const first = resources.find(({ type }) => type === 'Patient')?.scope ?? '';
  return (
    <FieldGroup legend={messages.contexts[context as keyof typeof messages.contexts] ?? context}>
      <Paper withBorder radius="md" p="md" mt={8}>
        <Stack gap="lg">
          <Checkbox
            label={messages.all}
            description={`${messages.allHint} (${all})`}
            checked={everything}
            disabled={disabled}
            onChange={(event) => set(setWildcard(draft.scope, context, event.currentTarget.checked, first))}
          />
          {everything ? null : opened || chosen ? (
            <ScopeGroups resources={resources} set={set} />
          ) : (
            <div>
              <Button variant="subtle" size="compact-sm" onClick={() => setOpened(true)} disabled={disabled}>
                {messages.chooseCategories}
              </Button>
            </div>
          )}
        </Stack>
      </Paper>
    </FieldGroup>
  );
}

function ScopeGroups({
  resources,
  set,
}: {
  readonly resources: readonly ScopeResource[];
  readonly set: (scope: string) => void;
}) {
  const messages = useMessages().apps.data;
  const { draft } = useDraft();
  return (
    <>
      <EachOrNone resources={resources} set={set} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="lg">
        {groupResources(resources).map(([group, members]) => (
          <FieldGroup key={group} legend={messages.groups[group]}>
            <Stack gap="xs" mt={8}>
              {members.map((one) => (
                <ScopeCheckbox
                  key={one.scope}
                  resource={one}
                  onChange={(on) => set(setScope(draft.scope, one.scope, on))}
                />
              ))}
            </Stack>
          </FieldGroup>
        ))}
      </SimpleGrid>
    </>
  );
}

/** Buttons that select all resource types that the chosen APIs serve, or none. */
function EachOrNone({
  resources,
  set,
}: {
  readonly resources: readonly ScopeResource[];
  readonly set: (scope: string) => void;
}) {
  const messages = useMessages().apps.data;
  const { draft, disabled } = useDraft();
  const scopes = resources.map(({ scope }) => scope);
  const served = resources.filter(({ apis }) => apis.some((api) => draft.apis.includes(api)));
  const each = served.map(({ scope }) => scope);
  if (disabled) return null;
  return (
    <Group gap="xs">
      <Button
        variant="default"
        size="compact-sm"
        disabled={each.every((scope) => hasScope(draft.scope, scope))}
        onClick={() => set(setScopes(setScopes(draft.scope, scopes, false), each, true))}
      >
        {messages.selectAll}
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        disabled={!scopes.some((scope) => hasScope(draft.scope, scope))}
        onClick={() => set(setScopes(draft.scope, scopes, false))}
      >
        {messages.clearAll}
      </Button>
    </Group>
  );
}

function ScopeCheckbox({
  resource,
  onChange,
}: {
  readonly resource: ScopeResource;
  readonly onChange: (wanted: boolean) => void;
}) {
  const messages = useMessages().apps.data;
  const { draft, disabled } = useDraft();
  const [only, ...more] = resource.apis;
  const note = only !== undefined && more.length === 0 ? messages.only(only === 'r4' ? 'R4' : 'DSTU2') : undefined;
  const served = resource.apis.some((api) => draft.apis.includes(api));
  const checked = hasScope(draft.scope, resource.scope);
  return (
    <Checkbox
      label={resource.label}
      description={
        <Text span size="xs">
          {resource.type}
          {note === undefined ? '' : ` · ${note}`}
        </Text>
      }
      checked={checked}
      disabled={disabled || !(served || checked)}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
