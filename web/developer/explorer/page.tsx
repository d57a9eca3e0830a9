import { SimpleGrid, Stack } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { ExplorerAnswer } from '../../../src/portal/contract/explorer.ts';
import { Page } from '../../shell/page.tsx';
import { Failure, Loading } from '../../shell/states.tsx';
import { useWords } from '../../words/index.ts';
import { type Address, addressOf, readAddress } from './address.ts';
import { AnswerPanel } from './answer-panel.tsx';
import { ConnectCard } from './connect.tsx';
import { useConnection } from './held.ts';
import { type OpenApis, requestOf, type Version } from './open-api.ts';
import { useExplorer } from './queries.ts';
import { RequestForm } from './request-form.tsx';
import { TokensCard } from './tokens.tsx';

/** The API explorer, an OAuth client for developers. Its state is kept in the URL. */
export default function ExplorerPage() {
  const { explorer: messages } = useWords();
  const { about, documents, error, again } = useExplorer();
  return (
    <Page title={messages.title} lead={messages.lead}>
      {error !== null ? <Failure error={error} again={again} /> : null}
      {error === null && (about === undefined || documents === undefined) ? <Loading /> : null}
      {about === undefined || documents === undefined ? null : <Explorer about={about} documents={documents} />}
    </Page>
  );
}

function Explorer({ about, documents }: { readonly about: ExplorerAnswer; readonly documents: OpenApis }) {
  const current = useConnection();
  const [search, setSearch] = useSearchParams();
  const clientId = search.get('client');
  // Tokens of another app must not be shown for the selected one.
  const connection = clientId === null || clientId === current?.clientId ? current : undefined;
  const [sent, setSent] = useState(0);
  const address = readAddress(search, documents.r4, connection?.answer.scope);
  const change = (next: Address) => {
    setSearch(addressOf(next, search));
    setSent((count) => count + 1);
  };
  const panel = (version: Version) => {
    const request = requestOf(documents, version, address.resource, address.id, address.values);
    return (
      <AnswerPanel
        key={version}
        version={version}
        documents={documents}
        type={address.resource}
        asked={request}
        path={address.paths[version] ?? request?.path}
        token={connection?.answer.access_token}
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
