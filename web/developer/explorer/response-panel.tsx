import { Alert, Badge, Box, Button, Card, Group, Loader, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useMessages } from '../../i18n/index.ts';
import { CodeSnippets } from './code-snippets.tsx';
import { CopyText } from './copy-text.tsx';
import classes from './explorer.module.css';
import { JsonView } from './json-view.tsx';
import { baseUrl, type ExplorerFhirVersion, type ExplorerRequest, type OpenApiDocuments } from './open-api.ts';
import type { SentRequest } from './request-store.ts';
import { sizeText, statusColor, VERSION_NAMES } from './response-text.ts';
import { type ExplorerResponse, sendRequest } from './send-request.ts';

/** Shows the request to one FHIR version, which the developer can edit, and the response. */
export function ResponsePanel({
  version,
  documents,
  type,
  request,
  path,
  sentPath,
  token,
  sent,
  record,
  go,
  follow,
}: {
  readonly version: ExplorerFhirVersion;
  readonly documents: OpenApiDocuments;
  readonly type: string;
  readonly request: ExplorerRequest | undefined;
  /** Path of the request in the form. */
  readonly path: string | undefined;
  /** Path of the request that was sent, to which the response belongs. */
  readonly sentPath: string | undefined;
  readonly token: string | undefined;
  /** Key of the click on Send. Another key sends the request again, even if it hasn't changed. */
  readonly sent: string;
  /** Is called for each request that was sent. */
  readonly record: (request: SentRequest) => void;
  /** Sends a request with this path, which the developer typed. */
  readonly go: (path: string) => void;
  /** Sends a request with this path, to which the response links. */
  readonly follow: (path: string) => void;
}) {
  const { code, response: messages } = useMessages().explorer;
  const base = baseUrl(documents[version]);
  const name = VERSION_NAMES[version];
  const response = useQuery({
    queryKey: ['explorer', 'answer', version, sentPath, token, sent],
    queryFn: async () => {
      const request = { version, path: sentPath ?? '', status: null, milliseconds: 0, bytes: 0 };
      try {
        const answer = await sendRequest(`${base}${sentPath}`, token ?? '');
        const { status, milliseconds, bytes } = answer;
        record({ ...request, status, milliseconds, bytes });
        return answer;
      } catch (error) {
        record(request);
        throw error;
      }
    },
    enabled: token !== undefined && sentPath !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return (
    <Card withBorder padding="md" component="section" aria-labelledby={`answer-${version}`} miw={0}>
      <Stack gap="sm">
        <Title order={2} size="h4" id={`answer-${version}`}>
          FHIR {name}
        </Title>
        <PathForm key={path} version={name} path={path ?? ''} go={go} />
        {path === undefined ? <Text c="dimmed">{messages.notServed(name, type)}</Text> : null}
        {request === undefined || request.unsupported.length === 0 || request.path !== path ? null : (
          <Text size="sm" c="dimmed">
            {messages.unsupported(name, request.unsupported.join(', '))}
          </Text>
        )}
        {token === undefined && path !== undefined ? <Text c="dimmed">{messages.signIn}</Text> : null}
        <div aria-live="polite" aria-busy={response.isFetching}>
          {response.isFetching ? <Loader size="sm" aria-label={messages.loading(name)} role="status" /> : null}
          {response.error === null ? null : (
            <Alert color="danger" variant="light">
              {messages.unreachable}
            </Alert>
          )}
          {response.data === undefined ? null : <ResponseSummary answer={response.data} />}
          {response.data === undefined || sentPath === undefined || path === sentPath ? null : (
            <Text size="sm">{messages.earlier(sentPath)}</Text>
          )}
        </div>
        <Group gap="0.25rem 1.5rem" className={classes['folds'] ?? ''}>
          {path === undefined ? null : (
            <Box component="details">
              <Box component="summary" fz="sm" style={{ cursor: 'pointer' }}>
                {code.title}
              </Box>
              <CodeSnippets
                name={name}
                url={`${base}${path}`}
                fileName={path !== sentPath || response.data?.json !== undefined ? undefined : response.data?.fileName}
                token={token}
              />
            </Box>
          )}
          {response.data === undefined ? null : <Headers answer={response.data} />}
        </Group>
        {response.data === undefined ? null : (
          <ResponseBody key={`${sentPath} ${sent}`} answer={response.data} base={base} follow={follow} />
        )}
      </Stack>
    </Card>
  );
}

function PathForm({
  version,
  path,
  go,
}: {
  readonly version: string;
  readonly path: string;
  readonly go: (path: string) => void;
}) {
  const { response: messages } = useMessages().explorer;
  const [typed, setTyped] = useState(path);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const trimmed = typed.trim();
        if (trimmed !== '') go(trimmed.startsWith('/') ? trimmed : `/${trimmed}`);
      }}
    >
      <Group gap="xs" wrap="nowrap">
        <TextInput
          aria-label={messages.path(version)}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          leftSection={<Text size="xs">GET</Text>}
          leftSectionWidth={44}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 'var(--size-small)' } }}
          flex={1}
          spellCheck={false}
        />
        <Button type="submit" variant="default">
          {messages.send}
        </Button>
      </Group>
    </form>
  );
}

function ResponseSummary({ answer }: { readonly answer: ExplorerResponse }) {
  const { response: messages } = useMessages().explorer;
  return (
    <Group gap="md">
      <Badge color={statusColor(answer.status)} variant="outline" size="lg" tt="none" c="inherit">
        {answer.status} {answer.statusText}
      </Badge>
      <Text size="sm">{messages.milliseconds(answer.milliseconds)}</Text>
      <Text size="sm">{sizeText(answer.bytes)}</Text>
    </Group>
  );
}

function ResponseBody({
  answer,
  base,
  follow,
}: {
  readonly answer: ExplorerResponse;
  readonly base: string;
  readonly follow: (path: string) => void;
}) {
  const { response: messages } = useMessages().explorer;
  const [folded, setFolded] = useState({ depth: 2, times: 0 });
  const next = nextPageUrl(answer.json, base);
  const fold = (depth: number) => setFolded(({ times }) => ({ depth, times: times + 1 }));
  return (
    <Stack gap="xs" miw={0}>
      {answer.json === undefined ? (
        <SaveDocument answer={answer} />
      ) : (
        <>
          <Group gap="xs">
            <Button size="compact-xs" variant="default" onClick={() => fold(Number.POSITIVE_INFINITY)}>
              {messages.expandAll}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => fold(1)}>
              {messages.collapseAll}
            </Button>
            <CopyText value={JSON.stringify(answer.json, null, 2)} label={messages.copyJson} />
            {next === undefined ? null : (
              <Button size="compact-xs" onClick={() => follow(next)}>
                {messages.next}
              </Button>
            )}
          </Group>
          <JsonView key={folded.times} value={answer.json} base={base} follow={follow} depth={folded.depth} />
        </>
      )}
    </Stack>
  );
}

function Headers({ answer }: { readonly answer: ExplorerResponse }) {
  const { response: messages } = useMessages().explorer;
  return (
    <Box component="details">
      <Box component="summary" fz="sm" style={{ cursor: 'pointer' }}>
        {messages.headers}
      </Box>
      <Table fz="xs" withRowBorders={false} verticalSpacing={2}>
        <Table.Tbody>
          {answer.headers.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={500} w={140}>
                {name}
              </Table.Th>
              <Table.Td ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {value}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

/** Offers a response that isn't JSON as a download, so that foreign content never runs in this page. */
function SaveDocument({ answer }: { readonly answer: ExplorerResponse }) {
  const { response: messages } = useMessages().explorer;
  const [url, setUrl] = useState('');
  useEffect(() => {
    const objectUrl = URL.createObjectURL(answer.blob);
    setUrl(objectUrl);
    return () => URL.revokeObjectURL(objectUrl);
  }, [answer.blob]);
  return (
    <Group>
      <Text size="sm">{messages.document(answer.blob.type, sizeText(answer.bytes))}</Text>
      <Button component="a" href={url} download={answer.fileName} size="xs">
        {messages.save}
      </Button>
    </Group>
  );
}

function nextPageUrl(json: unknown, base: string): string | undefined {
  const links = (json as { link?: unknown } | null)?.link;
  const next = Array.isArray(links) ? links.find((link) => link?.relation === 'next')?.url : undefined;
  return typeof next === 'string' && next.startsWith(`${base}/`) ? next.slice(base.length) : undefined;
}
