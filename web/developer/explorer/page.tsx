import { SimpleGrid, Stack } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { ExplorerConfigResponse } from '../../../src/portal-api/contract/explorer.ts';
import { useMessages } from '../../i18n/index.ts';
import { Page } from '../../shell/page.tsx';
import { ErrorState, Loading } from '../../shell/page-states.tsx';
import { ConnectCard } from './connect.tsx';
import { useConnection } from './connection-store.ts';
import { type ExplorerAddress, readAddress, toSearchParams } from './explorer-address.ts';
import { buildRequest, type ExplorerFhirVersion, type OpenApiDocuments } from './open-api.ts';
import { useExplorer } from './queries.ts';
import { RequestForm } from './request-form.tsx';
import { ResponsePanel } from './response-panel.tsx';
import { TokensCard } from './tokens.tsx';

/** Page of the API explorer, an OAuth client for developers. Its state is stored in the URL. */
export default function ExplorerPage() {
  const { explorer: messages } = useMessages();
  const { about, documents, error, again } = useExplorer();
  return (
    <Page title={messages.title} lead={messages.lead}>
      {error !== null ? <ErrorState error={error} again={again} /> : null}
      {error === null && (about === undefined || documents === undefined) ? <Loading /> : null}
      {about === undefined || documents === undefined ? null : <Explorer about={about} documents={documents} />}
    </Page>
  );
}

function Explorer({
  about,
  documents,
}: {
  readonly about: ExplorerConfigResponse;
  readonly documents: OpenApiDocuments;
}) {
  const current = useConnection();
  const [search, setSearch] = useSearchParams();
  const clientId = search.get('client');
  // Ignores the current tokens if they belong to another app than the one that the URL names.
  const connection = clientId === null || clientId === current?.clientId ? current : undefined;
  const [sent, setSent] = useState(0);
  const address = readAddress(search, documents.r4, connection?.tokens.scope);
  const change = (next: ExplorerAddress) => {
    setSearch(toSearchParams(next, search));
    setSent((count) => count + 1);
  };
  const panel = (version: ExplorerFhirVersion) => {
    const request = buildRequest(documents, version, address.resource, address.id, address.values);
    return (
      <ResponsePanel
        key={version}
        version={version}
        documents={documents}
        type={address.resource}
        request={request}
        path={address.paths[version] ?? request?.path}
        token={connection?.tokens.access_token}
        sent={sent}
        go={(path) => change({ ...address, paths: { ...address.paths, [version]: path } })}
      />
    );
  };
  return (
    <Stack gap="md">
      {connection === undefined ? <ConnectCard about={about} /> : <TokensCard about={about} connection={connection} />}
      <RequestForm key={search.toString()} documents={documents} address={address} send={change} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        {panel('r4')}
        {panel('dstu2')}
      </SimpleGrid>
    </Stack>
  );
}
