import { SegmentedControl, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { AppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { CodeBlock } from '../copyable.tsx';

/**
 * Shows a complete sample program. It receives the authorization code by itself, so the developer has to copy nothing
 * else.
 */
export function SampleProgram({
  app,
  node,
  python,
}: {
  readonly app: AppResponse;
  readonly node: string;
  readonly python: string;
}) {
  const { registered } = useMessages().apps;
  const [chosen, choose] = useState('Node');
  return (
    <>
      <Title order={3} size="h5" mt="md">
        {registered.terminal}
      </Title>
      <Text size="sm">{app.kind === 'staff' ? registered.terminalStaff : registered.terminalText}</Text>
      <div>
        <SegmentedControl aria-label={registered.terminal} data={['Node', 'Python']} value={chosen} onChange={choose} />
      </div>
      <CodeBlock label={chosen} code={chosen === 'Node' ? node : python} />
    </>
  );
}
