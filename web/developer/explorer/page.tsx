import { SimpleGrid, Stack } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'react-router';
import type { ExplorerConfigResponse } from '../../../src/portal-api/contract/explorer.ts';
import { useMessages } from '../../i18n/index.ts';
import { Page } from '../../shell/page.tsx';
import { ErrorState, Loading } from '../../shell/page-states.tsx';
import { ConnectCard } from './connect.tsx';
import { type ExplorerConnection, useConnection } from './connection-store.ts';
import {
  containsRequest,
  type ExplorerAddress,
  pathOf,
  readAddress,
  toSearchParams,
  toStoredSearch,
} from './explorer-address.ts';
import { buildRequest, type ExplorerFhirVersion, type OpenApiDocuments } from './open-api.ts';
import { useExplorer } from './queries.ts';
import { RequestForm } from './request-form.tsx';
import { addToHistory, type SentRequest, useRequestStore } from './request-store.ts';
import { RequestTools } from './request-tools.tsx';
import { ResponsePanel } from './response-panel.tsx';
import { TokensCard } from './tokens/tokens.tsx';
import { useDraft } from './use-draft.ts';
import { useLastRequest } from './use-last-request.ts';

/** Tells the requests of this page from those of earlier pages and other tabs. */
const LOADED_AT = Date.now();

/** Page of the API explorer, an OAuth client for developers. Its state is stored in the URL. */
export default function ExplorerPage() {
  const { explorer: messages } = useMessages();
  const { about, documents, error, again } = useExplorer();
  const isSignedIn = useCurrentConnection() !== undefined;
  return (
    <Page title={messages.title} {...(isSignedIn ? {} : { lead: messages.lead })}>
      {error !== null ? <ErrorState error={error} again={again} /> : null}
      {error === null && (about === undefined || documents === undefined) ? <Loading /> : null}
      {about === undefined || documents === undefined ? null : <Explorer about={about} documents={documents} />}
    </Page>
  );
}

/** Returns the current tokens, unless they belong to another app than the one that the URL names. */
function useCurrentConnection(): ExplorerConnection | undefined {
  const connection = useConnection();
  const [search] = useSearchParams();
  const clientId = search.get('client');
  return clientId === null || clientId === connection?.clientId ? connection : undefined;
}

/** Scrolls to an element unless it begins in the upper two thirds of the window. */
function showOnScreen(element: HTMLElement | null): void {
  if (element !== null && element.getBoundingClientRect().top > (window.innerHeight * 2) / 3)
    element.scrollIntoView({ block: 'start' });
}

function Explorer({
  about,
  documents,
}: {
  readonly about: ExplorerConfigResponse;
  readonly documents: OpenApiDocuments;
}) {
  const connection = useCurrentConnection();
  const [search, setSearch] = useSearchParams();
  // Each click on Send has a key of its own, even if the URL stays the same.
  const { key: sent } = useLocation();
  const [submitted, setSubmitted] = useState(0);
  const responses = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (submitted > 0) showOnScreen(responses.current);
  }, [submitted]);
  const store = useRequestStore(connection?.clientId ?? search.get('client') ?? about.client?.clientId ?? '');
  const last = useLastRequest(store, sent);
  const requested = containsRequest(search) ? search : new URLSearchParams(last);
  const address = readAddress(requested, documents.r4, connection?.tokens.scope);
  const batch = `${LOADED_AT} ${sent} ${connection?.expiresAt}`;
  const record = (request: SentRequest) =>
    store.update((stored) => addToHistory(stored, { batch, at: Date.now(), search: toStoredSearch(address) }, request));
  const change = (next: ExplorerAddress) => setSearch(toSearchParams(next, search));
  const submit = (next: ExplorerAddress) => {
    change(next);
    setSubmitted((count) => count + 1);
  };
  const form = useDraft(address, requested.toString(), submit);
  const { draft } = form;
  const panel = (version: ExplorerFhirVersion) => {
    const request = buildRequest(documents, version, draft.resource, draft.id, draft.values);
    return (
      <ResponsePanel
        key={version}
        version={version}
        documents={documents}
        type={draft.resource}
        request={request}
        path={draft.paths[version] ?? request?.path}
        sentPath={pathOf(address, documents, version)}
        token={connection?.tokens.access_token}
        sent={sent}
        record={record}
        go={(path) => change({ ...draft, paths: { ...draft.paths, [version]: path } })}
        follow={(path) => change({ ...address, paths: { ...address.paths, [version]: path } })}
      />
    );
  };
  return (
    <Stack gap="md">
      {connection === undefined ? (
        <ConnectCard about={about} back={`?${form.isChanged ? toSearchParams(draft, search) : search}`} />
      ) : (
        <TokensCard about={about} connection={connection} />
      )}
      <RequestForm
        documents={documents}
        address={address}
        form={form}
        tools={(inForm) => <RequestTools documents={documents} store={store} address={inForm} send={submit} />}
      />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md" ref={responses}>
        {panel('r4')}
        {panel('dstu2')}
      </SimpleGrid>
    </Stack>
  );
}
