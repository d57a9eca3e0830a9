import { Anchor, Button, Card, Group, NativeSelect, SimpleGrid, Stack, TextInput, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useMessages } from '../../i18n/index.ts';
import type { ExplorerAddress } from './explorer-address.ts';
import { type ExplorerParameter, exampleValue, findType, listTypes, type OpenApiDocuments } from './open-api.ts';

/**
 * Search parameters that the form leaves out: aliases, the parameters that name the patient, and the `_cursor` that the
 * server generates.
 */
const HIDDEN = ['_maxresults', '_cursor', 'subject', 'patient'];
const SECONDARY = ['_id', '_lastUpdated', '_revinclude'];

/**
 * Form for resource type and search parameters, built from the server's OpenAPI documents. One form with R4 names
 * serves both FHIR versions.
 */
export function RequestForm({
  documents,
  address,
  send,
}: {
  readonly documents: OpenApiDocuments;
  readonly address: ExplorerAddress;
  readonly send: (address: ExplorerAddress) => void;
}) {
  const { request: messages } = useMessages().explorer;
  const [draft, setDraft] = useState(address);
  const [more, setMore] = useState(false);
  // Whether the screen is wide. On phones the responses are below the form, so optional parameters are hidden at first.
  const wide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false });
  const isVisible = ({ name }: ExplorerParameter): boolean =>
    more || (draft.values[name] ?? '') !== '' || (wide && !SECONDARY.includes(name));
  const parameters = (findType(documents.r4, draft.resource)?.parameters ?? []).filter(
    (one) => one.in === 'query' && !HIDDEN.includes(one.name),
  );
  const set = (name: string, value: string) => setDraft({ ...draft, values: { ...draft.values, [name]: value } });
  const field = (parameter: ExplorerParameter) => (
    <ParameterField
      key={`${draft.resource} ${parameter.name}`}
      parameter={parameter}
      value={draft.values[parameter.name] ?? ''}
      change={(value) => set(parameter.name, value)}
    />
  );
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="request">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send({ ...draft, paths: {} });
        }}
      >
        <Stack gap="sm">
          <Title order={2} size="h4" id="request">
            {messages.title}
          </Title>
          <SimpleGrid cols={{ base: 2, md: 3, lg: 4 }} spacing="sm">
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
            {parameters.filter(isVisible).map(field)}
          </SimpleGrid>
          <Group>
            <Button type="submit" leftSection={<IconSend size={18} aria-hidden />}>
              {messages.send}
            </Button>
            <Button variant="default" onClick={() => send({ ...draft, id: '', values: {}, paths: {} })}>
              {messages.clear}
            </Button>
            <Anchor component="button" type="button" size="sm" onClick={() => setMore(!more)} aria-expanded={more}>
              {more ? messages.fewer : messages.more}
            </Anchor>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

const typeLabel = (stored: string, dstu2: string | undefined): string =>
  dstu2 === undefined ? `${stored} (R4)` : dstu2 === stored ? stored : `${stored} / ${dstu2}`;

function ParameterField({
  parameter,
  value,
  change,
}: {
  readonly parameter: ExplorerParameter;
  readonly value: string;
  readonly change: (value: string) => void;
}) {
  const { request: messages } = useMessages().explorer;
  const { name, description, schema } = parameter;
  // Descriptions in the OpenAPI documents are always in English, so they are marked as English on a
  // page in another language too.
  const labels = { label: name, description: <span lang="en">{firstSentence(description)}</span> };
  const order: ('label' | 'input' | 'description')[] = ['label', 'input', 'description'];
  if (schema.enum !== undefined) {
    return (
      <NativeSelect
        {...labels}
        inputWrapperOrder={order}
        value={value}
        onChange={(event) => change(event.currentTarget.value)}
        data={[{ value: '', label: messages.none }, ...schema.enum]}
      />
    );
  }
  const example = exampleValue(parameter);
  return (
    <TextInput
      {...labels}
      inputWrapperOrder={order}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      {...(example === undefined ? {} : { placeholder: messages.example(example) })}
      {...(schema.type === 'integer' ? { inputMode: 'numeric' as const } : {})}
      spellCheck={false}
    />
  );
}

const firstSentence = (text: string): string => /^.*?[.;:](?= |$)/.exec(text)?.[0]?.replace(/[;:]$/, '.') ?? text;
