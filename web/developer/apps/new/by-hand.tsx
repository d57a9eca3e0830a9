import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AppAnswer } from '../../../../src/portal/contract/apps.ts';
import { useSession } from '../../../shell/session.ts';
import { useWords } from '../../../words/index.ts';
import { CodeBlock } from '../copying.tsx';
import { freshPkce, type Pkce } from './pkce.ts';

/** For apps that redirect to another machine or authenticate with a key. */
export function ByHand({ app, curl }: { readonly app: AppAnswer; readonly curl: string }) {
  const { made } = useWords().apps;
  const { addresses } = useSession();
  const pkce = useQuery({
    queryKey: ['apps', 'pkce', app.clientId],
    queryFn: freshPkce,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (pkce.data === undefined) return null;
  const filled = [`CODE_VERIFIER='${pkce.data.verifier}'`, "CODE=''", '', curl].join('\n');
  return (
    <>
      <Title order={3} size="h5">
        {made.byHand}
      </Title>
      <Text size="sm">{app.kind === 'staff' ? made.openThisStaff : made.openThis}</Text>
      <CodeBlock label="GET" code={authorizeAddress(app, addresses, pkce.data)} />
      <Text size="sm">{made.thenThis}</Text>
      <CodeBlock label="curl" code={filled} />
    </>
  );
}

/** RFC 6749 §4.1.1, RFC 7636 §4.3, SMART App Launch 2.2 */
function authorizeAddress(
  { clientId, terms }: AppAnswer,
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
