import {
  Anchor,
  Box,
  Button,
  Card,
  Group,
  NativeSelect,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useMessages } from '../../i18n/index.ts';
import { commonParameters } from './common-parameters.ts';
import classes from './explorer.module.css';
import type { ExplorerAddress } from './explorer-address.ts';
import { type ExplorerParameter, findType, listTypes, type OpenApiDocuments } from './open-api.ts';
import { ParameterField } from './parameter-field.tsx';
import type { RequestDraft } from './use-draft.ts';

/**
 * Search parameters that the form leaves out: aliases, the parameters that name the patient, and the `_cursor` that the
 * server generates.
 */
const HIDDEN = ['_maxresults', '_cursor', 'subject', 'patient'];

/** Number of parameters that the form shows first. On phones the responses are below the form. */
const SHOWN_FIRST = { wide: 5, narrow: 2 };

const COLUMNS = { base: 2, md: 3, lg: 4 };

/**
 * Form for resource type and search parameters, built from the server's OpenAPI documents. One form with R4 names
 * serves both FHIR versions. It shows few parameters, so that the button and the response are on the first screen, and
 * the others on request.
 */
export function RequestForm({
  documents,
  address,
  form: { draft, setDraft, submit },
  tools,
}: {
  readonly documents: OpenApiDocuments;
  /** The request that was sent last. */
  readonly address: ExplorerAddress;
  readonly form: RequestDraft;
  /** Returns what is shown beside the title, for the request in the form. */
  readonly tools: (address: ExplorerAddress) => React.ReactNode;
}) {
  const { request: messages } = useMessages().explorer;
  const [more, setMore] = useState(false);
  const wide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false });
  const parameters = (findType(documents.r4, draft.resource)?.parameters ?? []).filter(
    (one) => one.in === 'query' && !HIDDEN.includes(one.name),
  );
  const common = commonParameters(parameters, wide ? SHOWN_FIRST.wide : SHOWN_FIRST.narrow);
  const sentValues = draft.resource === address.resource ? address.values : {};
  const hasValue = ({ name }: ExplorerParameter): boolean =>
    [draft.values[name], sentValues[name]].some((value = '') => value !== '');
  // While the list of all parameters is open, a field stays in it, so that it keeps the focus.
  const isFirst = (parameter: ExplorerParameter): boolean =>
    common.includes(parameter.name) || (!more && hasValue(parameter));
  const others = parameters.filter((parameter) => !isFirst(parameter));
  const first = parameters.filter(isFirst);
  const clear = () => {
    const empty = { ...draft, id: '', values: {}, paths: {} };
    setDraft(empty);
    submit(empty);
  };
  const field = (parameter: ExplorerParameter) => (
    <ParameterField
      key={`${draft.resource} ${parameter.name}`}
      parameter={parameter}
      value={draft.values[parameter.name] ?? ''}
      change={(value) => setDraft({ ...draft, values: { ...draft.values, [parameter.name]: value } })}
    />
  );
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="request">
      <Group justify="space-between" gap="0.25rem" mb="sm">
        <Title order={2} size="h4" id="request">
          {messages.title}
        </Title>
        {tools(draft)}
      </Group>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit({ ...draft, paths: {} });
        }}
      >
        <Stack gap="sm">
          <SimpleGrid cols={COLUMNS} spacing="sm">
            <NativeSelect
              label={messages.type}
              value={draft.resource}
              onChange={(event) => setDraft({ resource: event.currentTarget.value, id: '', values: {}, paths: {} })}
              data={listTypes(documents.r4).map(({ stored }) => ({
                value: stored,
                label: typeLabel(stored, findType(documents.dstu2, stored)?.name),
              }))}
            />
            <TextInput
              label={messages.id}
              description={messages.idHint}
              inputWrapperOrder={['label', 'input', 'description']}
              value={draft.id}
              onChange={(event) => setDraft({ ...draft, id: event.currentTarget.value.trim() })}
              spellCheck={false}
            />
            {first.map(field)}
            <Group gap="xs" className={classes['actions'] ?? ''}>
              <Button type="submit" leftSection={<IconSend size={18} aria-hidden />}>
                {messages.send}
              </Button>
              <Button variant="default" onClick={clear}>
                {messages.clear}
              </Button>
              <Anchor component="button" type="button" size="sm" onClick={() => setMore(!more)} aria-expanded={more}>
                {messages.more(others.length)}
              </Anchor>
            </Group>
          </SimpleGrid>
          {more ? (
            <MoreParameters key={draft.resource} parameters={others} isKept={hasValue}>
              {field}
            </MoreParameters>
          ) : null}
        </Stack>
      </form>
    </Card>
  );
}

/** From this number on, a list of parameters has a search field. */
const MANY = 8;

/**
 * Shows the parameters that match a text.
 * @param isKept returns whether a parameter is shown even if it doesn't match
 */
function MoreParameters({
  parameters,
  isKept,
  children,
}: {
  readonly parameters: readonly ExplorerParameter[];
  readonly isKept: (parameter: ExplorerParameter) => boolean;
  readonly children: (parameter: ExplorerParameter) => React.ReactNode;
}) {
  const { request: messages } = useMessages().explorer;
  const [text, setText] = useState('');
  const words = text.trim().toLowerCase();
  const matching = parameters.filter(
    (parameter) => isKept(parameter) || `${parameter.name} ${parameter.description}`.toLowerCase().includes(words),
  );
  return (
    <Stack gap="sm">
      {parameters.length < MANY ? null : (
        <TextInput
          type="search"
          label={messages.find}
          maw={360}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          // Enter sends the form only from a parameter.
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
        />
      )}
      <Box role="status">{matching.length === 0 ? <Text c="dimmed">{messages.noMatch}</Text> : null}</Box>
      <SimpleGrid cols={COLUMNS} spacing="sm">
        {matching.map(children)}
      </SimpleGrid>
    </Stack>
  );
}

const typeLabel = (stored: string, dstu2: string | undefined): string =>
  dstu2 === undefined ? `${stored} (R4)` : dstu2 === stored ? stored : `${stored} / ${dstu2}`;
