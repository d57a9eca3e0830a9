import { Box, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { AppResponse, CodeSamplesResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { ErrorState, Loading } from '../../../shell/page-states.tsx';
import { CodeBlock } from '../copyable.tsx';
import { environmentQuery } from '../queries.ts';

/** Page with an app's settings as configuration for its code. The selected format is stored in the URL. */
export default function Environment({ app }: { readonly app: AppResponse }) {
  const { environment } = useMessages().apps;
  const found = useQuery(environmentQuery(app.clientId));
  return (
    <Stack gap="md" maw={860}>
      <Text>{environment.text}</Text>
      {found.error !== null ? (
        <ErrorState error={found.error} again={() => void found.refetch()} />
      ) : found.data === undefined ? (
        <Loading />
      ) : (
        <Blocks blocks={found.data.blocks} />
      )}
      {app.terms.auth === 'secret' ? (
        <Text size="sm" c="dimmed">
          {environment.secretHint}
        </Text>
      ) : null}
    </Stack>
  );
}

function Blocks({ blocks }: { readonly blocks: CodeSamplesResponse['blocks'] }) {
  const { environment } = useMessages().apps;
  const [search, setSearch] = useSearchParams();
  const block = blocks.find(({ format }) => format === search.get('as')) ?? blocks[0];
  if (block === undefined) return null;
  const choose = (as: string) => setSearch({ as }, { replace: true });
  const data = blocks.map(({ format, title }) => ({ value: format as string, label: title }));
  return (
    <>
      <Box visibleFrom="sm">
        <SegmentedControl aria-label={environment.format} data={data} value={block.format} onChange={choose} />
      </Box>
      <NativeSelect
        hiddenFrom="sm"
        label={environment.format}
        data={data}
        value={block.format}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      <CodeBlock label={block.title} code={block.text.trimEnd()} />
    </>
  );
}
