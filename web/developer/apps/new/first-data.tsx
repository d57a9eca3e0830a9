import { Button, Stack, Text, Title } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { AppAnswer, EnvironmentAnswer } from '../../../../src/portal/contract/apps.ts';
import { useWords } from '../../../words/index.ts';
import { CodeBlock } from '../copying.tsx';
import { explorerOf } from '../standing.ts';
import { ByHand } from './by-hand.tsx';
import { RunIt } from './run-it.tsx';

export type Format = EnvironmentAnswer['blocks'][number]['format'];

interface Props {
  readonly app: AppAnswer;
  /**
   * Returns a configuration text with the app's credentials; undefined if it isn't loaded or doesn't exist for this
   * app.
   */
  readonly textOf: (format: Format) => string | undefined;
}

/** The quickest way to data: the explorer, a terminal, or manual steps. */
export function FirstData({ app, textOf }: Props) {
  const { made } = useWords().apps;
  const isBackend = app.kind === 'backend';
  const curl = textOf('curl')?.trimEnd();
  const [node, python] = [textOf('run-node'), textOf('run-python')];
  return (
    <Stack component="section" gap="md">
      <div>
        <Title order={2} size="h4">
          {made.first}
        </Title>
        {isBackend ? <Text c="dimmed">{made.byKey}</Text> : null}
      </div>
      {isBackend && curl !== undefined ? <CodeBlock label="curl" code={curl} /> : null}
      {canRunHere(app) ? <Here app={app} /> : null}
      {isBackend || curl === undefined ? null : node === undefined || python === undefined ? (
        <ByHand app={app} curl={curl} />
      ) : (
        <RunIt app={app} node={node.trimEnd()} python={python.trimEnd()} />
      )}
    </Stack>
  );
}

/** The explorer can't act as apps without sign-in or with a private key. */
const canRunHere = ({ kind, terms }: AppAnswer): boolean =>
  kind !== 'backend' && terms.auth !== 'private_key_jwt' && !terms.dpopBound;

function Here({ app }: { readonly app: AppAnswer }) {
  const { made } = useWords().apps;
  return (
    <>
      <Text>{app.terms.auth === 'secret' ? made.hereSecret : made.here}</Text>
      <div>
        <Button component={Link} to={explorerOf(app.clientId)} leftSection={<IconPlayerPlay size={18} aria-hidden />}>
          {made.runHere}
        </Button>
      </div>
    </>
  );
}
