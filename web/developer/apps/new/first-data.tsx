import { Button, Stack, Text, Title } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { AppResponse, CodeSamplesResponse } from '../../../../src/portal-api/contract/apps.ts';
import type { ExplorerConfigResponse } from '../../../../src/portal-api/contract/explorer.ts';
import { useMessages } from '../../../i18n/index.ts';
import { ErrorState } from '../../../shell/page-states.tsx';
import { useSession } from '../../../shell/session.ts';
import { canSign } from '../../explorer/oauth.ts';
import { TEST_USERNAMES, useOwnAppAuthorization } from '../../explorer/own-app.ts';
import { useExplorerInfo, useTestPatients } from '../../explorer/queries.ts';
import { explorerUrl } from '../app-status.ts';
import { CodeBlock } from '../copyable.tsx';
import { ManualSteps } from './manual-steps.tsx';
import { SampleProgram } from './sample-program.tsx';

export type EnvironmentFormat = CodeSamplesResponse['blocks'][number]['format'];

interface FirstDataProps {
  readonly app: AppResponse;
  /**
   * Returns a code sample or configuration with the app's credentials. Returns undefined if it isn't loaded or doesn't
   * exist for this app.
   */
  readonly getText: (format: EnvironmentFormat) => string | undefined;
}

/** Shows the quickest way to the app's first data: in the API explorer, in a terminal, or by manual steps. */
export function FirstData(props: FirstDataProps) {
  const { madeUp } = useMessages();
  return useSession().person?.sandboxDeveloper === true ? <Text>{madeUp.noData}</Text> : <OwnFirstData {...props} />;
}

function OwnFirstData({ app, getText }: FirstDataProps) {
  const { registered } = useMessages().apps;
  const isBackend = app.kind === 'backend';
  const curl = getText('curl')?.trimEnd();
  const [node, python] = [getText('run-node'), getText('run-python')];
  return (
    <Stack component="section" gap="md">
      <div>
        <Title order={2} size="h4">
          {registered.first}
        </Title>
        {isBackend ? <Text c="dimmed">{registered.byKey}</Text> : null}
      </div>
      {isBackend && curl !== undefined ? <CodeBlock label="curl" code={curl} /> : null}
      {canRunHere(app) ? <ReadInExplorer app={app} /> : null}
      {isBackend || curl === undefined ? null : node === undefined || python === undefined ? (
        <ManualSteps app={app} curl={curl} />
      ) : (
        <SampleProgram app={app} node={node.trimEnd()} python={python.trimEnd()} />
      )}
    </Stack>
  );
}

/**
 * Returns whether the API explorer can act as an app. It can't if the app is a backend app, uses a private key, or
 * requires DPoP.
 */
const canRunHere = ({ kind, terms }: AppResponse): boolean =>
  kind !== 'backend' && terms.auth !== 'private_key_jwt' && !terms.dpopBound;

/**
 * Button that starts the sign-in of a test account for the app. The API explorer shows the data afterwards. If the
 * sign-in can't start from this page, a link opens the explorer, which says why.
 */
function ReadInExplorer({ app }: { readonly app: AppResponse }) {
  const { apps, explorer } = useMessages();
  const { registered } = apps;
  const { data: about } = useExplorerInfo();
  const { data: patients } = useTestPatients();
  const authorize = useOwnAppAuthorization(app);
  const username = TEST_USERNAMES[app.kind === 'staff' ? 'staff' : 'patient'];
  const canStart = about !== undefined && new URL(about.redirectUri).origin === location.origin && canSign();
  const start = useMutation({
    mutationFn: (settings: ExplorerConfigResponse) =>
      authorize(settings, { scope: app.terms.scope, username, back: explorerUrl(app.clientId) }),
  });
  const icon = <IconPlayerPlay size={18} aria-hidden />;
  const { title, titleStaff, credentials } = explorer.connect;
  const anyone = app.kind === 'staff' ? titleStaff : title;
  const account = patients === undefined ? anyone : credentials(username, patients.password);
  return (
    <>
      <div>
        <Text fw={600}>{account}</Text>
        <Text>{app.terms.auth === 'secret' ? registered.hereSecret : registered.here}</Text>
      </div>
      {start.error === null ? null : <ErrorState error={start.error} />}
      <div>
        {canStart ? (
          <Button
            leftSection={icon}
            loading={start.isPending || start.isSuccess}
            data-leaves-page
            onClick={() => start.mutate(about)}
          >
            {registered.runHere}
          </Button>
        ) : (
          <Button component={Link} to={explorerUrl(app.clientId)} leftSection={icon}>
            {registered.runHere}
          </Button>
        )}
        <Text size="sm" c="dimmed" mt={6}>
          {registered.addsRedirectUri}
        </Text>
      </div>
    </>
  );
}
