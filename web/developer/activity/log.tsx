import { Alert, Box, Button, Center, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'react-router';
import type { AppLogItem } from '../../../src/portal-api/contract/activity.ts';
import { useMessages } from '../../i18n/index.ts';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { useSession } from '../../shell/session.ts';
import { explorerUrl } from '../apps/app-status.ts';
import { CodeBlock } from '../apps/copyable.tsx';
import { firstRequestCurl } from './curl.ts';
import { LogActions, LogFilters } from './log-filters.tsx';
import { LogList } from './log-list.tsx';
import { logQuery } from './queries.ts';
import { useLogFilter } from './use-log-filter.ts';

const REFRESH_INTERVAL_MS = 5000;

/** Page with the log of an app's requests, which is refreshed every five seconds while the page is visible. */
export default function Log({ clientId }: { readonly clientId: string }) {
  const { filter, choose, clear } = useLogFilter();
  const { log } = useMessages().activity;
  const [live, setLive] = useState(true);
  const query = useInfiniteQuery({
    ...logQuery(clientId, filter),
    refetchInterval: live ? REFRESH_INTERVAL_MS : false,
  });
  const { data, error } = query;
  const items = useMemo(() => (data?.pages ?? []).flatMap((page) => page.items), [data]);
  // If a refresh fails, the entries that were loaded before stay visible.
  if (data === undefined) {
    return error === null ? <Loading /> : <ErrorState error={error} again={() => void query.refetch()} />;
  }
  const [first] = data.pages;
  const filtered = filter.outcome !== undefined || filter.endpoint !== undefined;
  return (
    <Stack gap="md">
      <Text c="dimmed" maw={760}>
        {log.lead(first?.keptDays ?? 30)}
      </Text>
      <Group justify="space-between" align="flex-end">
        <LogFilters filter={filter} choose={choose} />
        <LogActions clientId={clientId} filter={filter} live={live} setLive={setLive} checkedAt={query.dataUpdatedAt} />
      </Group>
      <NewEntriesStatus items={items} />
      {error === null ? null : <ErrorState error={error} again={() => void query.refetch()} />}
      {first === undefined || first.lostToday === 0 ? null : (
        <Alert color="warning" variant="light">
          {log.notLogged(first.lostToday)}
        </Alert>
      )}
      {items.length > 0 ? (
        <LogList items={items} clientId={clientId} />
      ) : filtered ? (
        <EmptyState title={log.noMatch.title} text={log.noMatch.text}>
          <Button variant="default" onClick={clear}>
            {log.noMatch.clear}
          </Button>
        </EmptyState>
      ) : (
        <EmptyLog clientId={clientId} />
      )}
      {query.hasNextPage ? (
        <Center>
          <Button
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => {
              // Pauses updates, because the list must not move while the reader looks at older entries.
              setLive(false);
              void query.fetchNextPage();
            }}
          >
            {log.older}
          </Button>
        </Center>
      ) : items.length > 0 ? (
        <Text size="sm" c="dimmed" ta="center">
          {log.end}
        </Text>
      ) : null}
    </Stack>
  );
}

/** Announces the number of new log entries to screen readers. */
function NewEntriesStatus({ items }: { readonly items: readonly AppLogItem[] }) {
  const { log } = useMessages().activity;
  const newest = useRef(items[0]?.id);
  const [count, setCount] = useState(0);
  useEffect(() => {
    const before = items.findIndex(({ id }) => id === newest.current);
    newest.current = items[0]?.id;
    setCount(Math.max(before, 0));
  }, [items]);
  return <VisuallyHidden role="status">{count === 0 ? '' : log.newRequests(count)}</VisuallyHidden>;
}

function EmptyLog({ clientId }: { readonly clientId: string }) {
  const { empty } = useMessages().activity.log;
  const { addresses } = useSession();
  return (
    <Stack align="center" gap="md">
      <EmptyState title={empty.title} text={empty.text}>
        <Group justify="center">
          <Button component={Link} to={`/developer/apps/${clientId}/environment`}>
            {empty.environment}
          </Button>
          <Button component={Link} to={explorerUrl(clientId)} variant="default">
            {empty.explorer}
          </Button>
        </Group>
      </EmptyState>
      <Box w="100%" maw={640}>
        <CodeBlock label={empty.curl} code={firstRequestCurl(addresses)} />
      </Box>
    </Stack>
  );
}
