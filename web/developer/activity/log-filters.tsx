import { Button, Group, NativeSelect, SegmentedControl, Text } from '@mantine/core';
import { IconDownload, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import type { AppLogFilter } from '../../../src/portal-api/contract/activity.ts';
import { useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { csvUrl } from './queries.ts';
import { ENDPOINTS, type useLogFilter } from './use-log-filter.ts';

export function LogFilters({ filter, choose }: Pick<ReturnType<typeof useLogFilter>, 'filter' | 'choose'>) {
  const { log } = useMessages().activity;
  const { outcomes } = log;
  return (
    <Group gap="sm" align="flex-end" role="group" aria-label={log.filters}>
      <SegmentedControl
        aria-label={log.outcome}
        value={filter.outcome ?? ''}
        onChange={(value) => choose('outcome', value)}
        data={[
          { value: '', label: outcomes.all },
          { value: 'refused', label: outcomes.refused },
          { value: 'answered', label: outcomes.answered },
        ]}
      />
      <NativeSelect
        aria-label={log.endpoint}
        value={filter.endpoint ?? ''}
        onChange={(event) => choose('endpoint', event.currentTarget.value)}
        data={[
          { value: '', label: log.anyEndpoint },
          ...ENDPOINTS.map((value) => ({ value, label: log.endpoints[value] })),
        ]}
      />
    </Group>
  );
}

/** Shows when the displayed log was last updated, and lets the reader pause or resume updates. */
export function LogActions({
  clientId,
  filter,
  live,
  setLive,
  checkedAt,
}: {
  readonly clientId: string;
  readonly filter: AppLogFilter;
  readonly live: boolean;
  readonly setLive: (live: boolean) => void;
  readonly checkedAt: number;
}) {
  const { log } = useMessages().activity;
  const { time } = useDates();
  return (
    <Group gap="sm">
      <Text size="sm" c="dimmed">
        {live ? log.live : log.paused} · {log.checkedAt(time(checkedAt))}
      </Text>
      <Button
        variant="default"
        size="sm"
        onClick={() => setLive(!live)}
        leftSection={live ? <IconPlayerPause size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />}
      >
        {live ? log.pause : log.resume}
      </Button>
      <Button
        variant="default"
        size="sm"
        component="a"
        href={csvUrl(clientId, filter)}
        download
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        {log.csv}
      </Button>
    </Group>
  );
}
