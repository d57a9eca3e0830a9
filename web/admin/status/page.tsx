import { Anchor, Button, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { IncidentsResponse } from '../../../src/portal-api/contract/public.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { Pager } from '../../shell/list/pager.tsx';
import { usePage } from '../../shell/list/use-page.ts';
import { Page } from '../../shell/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { Incident } from './incident.tsx';
import { Jobs } from './jobs.tsx';
import { JobsSummary } from './jobs-summary.tsx';
import { NewIncidentForm } from './new-incident.tsx';

const SIZE = 10;

/**
 * Page with the incidents and maintenance that /status publishes, and the background jobs. `?new=` opens the form for a
 * new incident or maintenance.
 */
export default function StatusPage() {
  const messages = useAdminMessages().publicPages.status;
  const [query, setQuery] = useSearchParams();
  const newKind = query.get('new');
  const { data, error, refetch } = useQuery({
    queryKey: ['incidents'],
    queryFn: () => api<IncidentsResponse>('GET', '/review/incidents'),
  });
  const shown = usePage(data?.incidents ?? [], SIZE);
  return (
    <Page title={messages.title} lead={messages.lead}>
      <JobsSummary />
      <Group gap="sm">
        <Button component={Link} to="?new=incident">
          {messages.newIncident}
        </Button>
        <Button component={Link} to="?new=maintenance" variant="default">
          {messages.newMaintenance}
        </Button>
        <Anchor href="/status">{messages.page}</Anchor>
      </Group>
      {newKind === 'incident' || newKind === 'maintenance' ? (
        <NewIncidentForm key={newKind} kind={newKind} done={() => setQuery({})} />
      ) : null}
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Loading /> : null}
      {data?.incidents.length === 0 && newKind === null ? (
        <EmptyState title={messages.none} text={messages.noneText} />
      ) : null}
      <Stack gap="sm">
        {shown.map((incident) => (
          <Incident key={incident.incidentId} incident={incident} />
        ))}
        <Pager found={data?.incidents.length ?? 0} size={SIZE} />
      </Stack>
      <Jobs />
    </Page>
  );
}
