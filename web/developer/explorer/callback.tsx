import { Alert, Button, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { Page } from '../../shell/page.tsx';
import { useSession } from '../../shell/session.ts';
import { Loading } from '../../shell/states.tsx';
import { useWords } from '../../words/index.ts';
import { exchange, type Received, receive } from './oauth.ts';
import { useAbout, useBringSessionBack } from './queries.ts';
import { SecretForm } from './secret-form.tsx';

/** Where authorization comes back to: the developer's session first, then the code, which is good once. */
export default function CallbackPage() {
  const { data: about } = useAbout();
  const { addresses } = useSession();
  const bringSessionBack = useBringSessionBack();
  const navigate = useNavigate();
  const [received, setReceived] = useState<Received>();
  const [failed, setFailed] = useState<string>();
  const finish = async (got: Received, secret?: string): Promise<void> =>
    navigate(await exchange(addresses, got, secret), { replace: true });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is known where the server is
  useEffect(() => {
    if (about === undefined) return;
    const answer = takeAnswer();
    if (answer === '') return;
    const come = async () => {
      await bringSessionBack().catch(() => {});
      const got = receive(about.issuer, answer);
      if (got.pending.isConfidential) setReceived(got);
      else await finish(got);
    };
    come().catch((error: Error) => setFailed(error.message));
  }, [about !== undefined]);
  if (received !== undefined) return <Secret received={received} finish={finish} />;
  return failed === undefined ? <Loading /> : <Failed text={failed} again={() => navigate('/developer/explorer')} />;
}

/** The app proves who it is: what it does on its server is done here with what is typed. RFC 6749 §2.3.1 */
function Secret({
  received,
  finish,
}: {
  readonly received: Received;
  readonly finish: (received: Received, secret: string) => Promise<void>;
}) {
  const { ownApp: words } = useWords().explorer;
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string>();
  const navigate = useNavigate();
  const { name, clientId, back } = received.pending;
  const go = (secret: string) => {
    setBusy(true);
    finish(received, secret).catch((error: Error) => {
      setBusy(false);
      setRefused(error.message);
    });
  };
  return (
    <Page title={words.secretTitle(name ?? clientId)} lead={words.secretLead}>
      <Stack maw={640}>
        <SecretForm name={name ?? clientId} go={go} label={words.exchange} busy={busy} />
        {refused === undefined ? null : (
          <Alert color="red" variant="light" role="alert">
            <Stack gap="sm" align="flex-start">
              <Text size="sm">{refused}</Text>
              <Text size="sm">{words.again}</Text>
              <Button size="xs" variant="default" onClick={() => navigate(back)}>
                {words.beginAgain}
              </Button>
            </Stack>
          </Alert>
        )}
      </Stack>
    </Page>
  );
}

function Failed({ text, again }: { readonly text: string; readonly again: () => void }) {
  const { callback: words } = useWords().explorer;
  const known: Record<string, string> = { 'no-question': words.noQuestion, 'other-issuer': words.otherIssuer };
  return (
    <Page title={words.failed}>
      <Alert color="red" variant="light" role="alert" title={words.failed}>
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{known[text] ?? text}</Text>
          <Button size="xs" onClick={again}>
            {words.back}
          </Button>
        </Stack>
      </Alert>
    </Page>
  );
}

let taken = false;

/** A code should be in no history, and is sent once whatever is drawn twice. Empty: somebody has it already. */
function takeAnswer(): string {
  const { search, pathname } = location;
  if (taken && search === '') return '';
  taken = true;
  history.replaceState(history.state, '', pathname);
  return search === '' ? '?' : search;
}
