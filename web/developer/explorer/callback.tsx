import { Alert, Button, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useMessages } from '../../i18n/index.ts';
import { Page } from '../../shell/page.tsx';
import { Loading } from '../../shell/page-states.tsx';
import { useSession } from '../../shell/session.ts';
import { exchangeCode, type ReceivedCode, readAuthorizationResponse } from './oauth.ts';
import { useExplorerInfo, useRestoreSession } from './queries.ts';
import { SecretForm } from './secret-form.tsx';

/**
 * Page at the redirect URI of the API explorer. It first restores the developer's session, and then exchanges the
 * authorization code for tokens.
 */
export default function CallbackPage() {
  const { data: about } = useExplorerInfo();
  const { addresses } = useSession();
  const bringSessionBack = useRestoreSession();
  const navigate = useNavigate();
  const [received, setReceived] = useState<ReceivedCode>();
  const [failed, setFailed] = useState<string>();
  const finish = async (got: ReceivedCode, secret?: string): Promise<void> =>
    navigate(await exchangeCode(addresses, got, secret), { replace: true });
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once, when the server's addresses are known
  useEffect(() => {
    if (about === undefined) return;
    const response = takeAuthorizationResponse();
    if (response === '') return;
    const come = async () => {
      await bringSessionBack().catch(() => {});
      const got = readAuthorizationResponse(about.issuer, response);
      if (got.pending.isConfidential) setReceived(got);
      else await finish(got);
    };
    come().catch((error: Error) => setFailed(error.message));
  }, [about !== undefined]);
  if (received !== undefined) return <SecretStep received={received} finish={finish} />;
  return failed === undefined ? (
    <Loading />
  ) : (
    <FailedConnection text={failed} again={() => navigate('/developer/explorer')} />
  );
}

/**
 * Form that asks for the client secret of a confidential app. With it the browser can exchange the code, which
 * otherwise the app's server does. RFC 6749 §2.3.1
 */
function SecretStep({
  received,
  finish,
}: {
  readonly received: ReceivedCode;
  readonly finish: (received: ReceivedCode, secret: string) => Promise<void>;
}) {
  const { ownApp: messages } = useMessages().explorer;
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const navigate = useNavigate();
  const { name, clientId, back } = received.pending;
  const form = useRef<HTMLDivElement>(null);
  // The code is valid for one minute only, and the secret is the only input of this page.
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const go = (secret: string) => {
    setBusy(true);
    finish(received, secret).catch((error: Error) => {
      setBusy(false);
      setRefused(error.message);
    });
  };
  return (
    <Page title={messages.secretTitle(name ?? clientId)} lead={messages.secretLead}>
      <Stack maw={640} ref={form}>
        <SecretForm name={name ?? clientId} go={go} label={messages.exchange} busy={busy} />
        {refused === undefined ? null : (
          <Alert color="danger" variant="light" role="alert">
            <Stack gap="sm" align="flex-start">
              <Text size="sm">{refused}</Text>
              <Text size="sm">{messages.again}</Text>
              <Button size="xs" variant="default" onClick={() => navigate(back)}>
                {messages.beginAgain}
              </Button>
            </Stack>
          </Alert>
        )}
      </Stack>
    </Page>
  );
}

function FailedConnection({ text, again }: { readonly text: string; readonly again: () => void }) {
  const { callback: messages } = useMessages().explorer;
  const known: Record<string, string> = { 'no-question': messages.unknownState, 'other-issuer': messages.otherIssuer };
  return (
    <Page title={messages.failed}>
      <Alert color="danger" variant="light" role="alert" title={messages.failed}>
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{known[text] ?? text}</Text>
          <Button size="xs" onClick={again}>
            {messages.back}
          </Button>
        </Stack>
      </Alert>
    </Page>
  );
}

let isConsumed = false;

/**
 * Returns the query of the authorization response and removes it from the address. The code then isn't in the browser
 * history, and is sent only once even if the component is mounted twice. Returns an empty text if an earlier call has
 * already returned the response.
 */
function takeAuthorizationResponse(): string {
  const { search, pathname } = location;
  if (isConsumed && search === '') return '';
  isConsumed = true;
  history.replaceState(history.state, '', pathname);
  return search === '' ? '?' : search;
}
