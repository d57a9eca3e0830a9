import { Button, Stack, Text, Title } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { AppResponse, CodeSamplesResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
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
export function FirstData({ app, getText }: FirstDataProps) {
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
      {canRunHere(app) ? <RunInExplorer app={app} /> : null}
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

function RunInExplorer({ app }: { readonly app: AppResponse }) {
  const { registered } = useMessages().apps;
  return (
    <>
      <Text>{app.terms.auth === 'secret' ? registered.hereSecret : registered.here}</Text>
      <div>
        <Button component={Link} to={explorerUrl(app.clientId)} leftSection={<IconPlayerPlay size={18} aria-hidden />}>
          {registered.runHere}
        </Button>
      </div>
    </>
  );
}
