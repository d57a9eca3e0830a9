import { Button, Card, Checkbox, Group, Stack, Text, Title } from '@mantine/core';
import { IconDownload, IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { CodeSamplesResponse, NewAppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { Page } from '../../../shell/page.tsx';
import { ErrorState } from '../../../shell/page-states.tsx';
import { useSession } from '../../../shell/session.ts';
import { CopyableValue } from '../copyable.tsx';
import { Notice } from '../notice.tsx';
import { environmentQuery } from '../queries.ts';
import { type EnvironmentFormat, FirstData } from './first-data.tsx';
import { LeaveGuard } from './leave-guard.tsx';

/** Shows the client id and secret of a new app once, and then the quickest way to receive data with the app. */
export function CreatedApp({
  answer,
  logoError,
}: {
  readonly answer: NewAppResponse;
  readonly logoError: Error | undefined;
}) {
  const { registered } = useMessages().apps;
  const { provisionalApps } = useSession();
  const environment = useQuery(environmentQuery(answer.app.clientId)).data;
  const { app, clientSecret } = answer;
  const [isSaved, setSaved] = useState(clientSecret === null);
  const textOf = (format: EnvironmentFormat) => fillInSecret(environment, format, clientSecret);
  const env = textOf('env');
  // Scrolls to the top, because the page before was a long form.
  useEffect(() => {
    window.scrollTo(0, 0);
  }, []);
  const isActive = app.state === 'active' || provisionalApps === 'sandbox';
  return (
    <Page title={registered.title(app.name)} lead={isActive ? registered.lead : registered.leadInactive}>
      <LeaveGuard secret={isSaved || clientSecret === null ? undefined : clientSecret} onCopy={() => setSaved(true)} />
      <Stack gap="xl" maw={760}>
        {logoError === undefined ? null : (
          <div>
            <Text>{registered.logoFailed}</Text>
            <ErrorState error={logoError} />
          </div>
        )}
        <Card withBorder radius="md" padding="lg">
          <Stack gap="md">
            <Title order={2} size="h4">
              {registered.credentials}
            </Title>
            <Credentials answer={answer} onCopySecret={() => setSaved(true)} />
            {clientSecret === null ? null : (
              <Checkbox
                label={registered.secretStored}
                checked={isSaved}
                onChange={(event) => setSaved(event.currentTarget.checked)}
              />
            )}
            <Group>
              <Button
                variant="light"
                leftSection={<IconDownload size={18} aria-hidden />}
                disabled={env === undefined}
                onClick={() => {
                  if (env === undefined) return;
                  download(`${app.clientId}.env`, env);
                  setSaved(true);
                }}
              >
                {registered.download}
              </Button>
              <Button component={Link} to={`/developer/apps/${app.clientId}`} variant="subtle">
                {registered.toApp}
              </Button>
            </Group>
          </Stack>
        </Card>
        {isActive ? <FirstData app={app} getText={textOf} /> : null}
      </Stack>
    </Page>
  );
}

/**
 * Replaces the placeholder for the client secret in a code sample. Only the browser can do this, because the server
 * stores only a hash of the secret.
 */
const fillInSecret = (
  environment: CodeSamplesResponse | undefined,
  format: EnvironmentFormat,
  secret: string | null,
): string | undefined =>
  environment?.blocks
    .find((block) => block.format === format)
    ?.text.replaceAll('YOUR_CLIENT_SECRET', secret ?? 'YOUR_CLIENT_SECRET');

function Credentials({ answer, onCopySecret }: { readonly answer: NewAppResponse; readonly onCopySecret: () => void }) {
  const { registered, clientId } = useMessages().apps;
  const { app, clientSecret } = answer;
  return (
    <>
      <CopyableValue label={clientId} value={app.clientId} />
      {clientSecret === null ? (
        <Text>{app.terms.auth === 'none' ? registered.public : registered.key}</Text>
      ) : (
        <>
          <CopyableValue label={registered.secret} value={clientSecret} onCopy={onCopySecret} />
          <Notice color="warning" icon={<IconKey aria-hidden />} title={registered.once}>
            {registered.secretLost}
          </Notice>
        </>
      )}
    </>
  );
}

/** Downloads a text as a file without sending it to the server. */
function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
