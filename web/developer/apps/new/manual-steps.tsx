import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useSession } from '../../../shell/session.ts';
import { CodeBlock } from '../copyable.tsx';
import { createPkce, type Pkce } from './pkce.ts';

/** Shows how to get data by hand, for apps that redirect to another machine or authenticate with a key. */
export function ManualSteps({ app, curl }: { readonly app: AppResponse; readonly curl: string }) {
  const { registered } = useMessages().apps;
  const { addresses } = useSession();
  const pkce = useQuery({
    queryKey: ['apps', 'pkce', app.clientId],
    queryFn: createPkce,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (pkce.data === undefined) return null;
  const filled = [`CODE_VERIFIER='${pkce.data.verifier}'`, "CODE=''", '', curl].join('\n');
  return (
    <>
      <Title order={3} size="h5" mt="md">
        {registered.byHand}
      </Title>
      <Text size="sm">{app.kind === 'staff' ? registered.openThisStaff : registered.openThis}</Text>
      <CodeBlock label="GET" code={authorizeUrl(app, addresses, pkce.data)} />
      <Text size="sm">{registered.thenThis}</Text>
      <CodeBlock label="curl" code={filled} />
    </>
  );
}

/** Builds the URL of an authorization request. RFC 6749 §4.1.1, RFC 7636 §4.3, SMART App Launch 2.2 */
function authorizeUrl(
  { clientId, terms }: AppResponse,
  { authorize, r4, dstu2 }: ReturnType<typeof useSession>['addresses'],
  { challenge }: Pkce,
): string {
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: terms.redirectUris[0] ?? '',
    scope: terms.scope,
    state: 'anything',
    aud: terms.apis.includes('r4') ? r4 : dstu2,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  };
  return `${authorize}?${new URLSearchParams(parameters)}`;
}
