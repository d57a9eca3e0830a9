import { Alert, Button, Group, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { UsageResponse } from '../../../src/portal-api/contract/activity.ts';
import { useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { appQuery } from '../apps/queries.ts';
import { Charts } from './charts.tsx';
import { Funnel } from './funnel.tsx';
import { usageQuery } from './queries.ts';
import { ByCode, ByType } from './rankings.tsx';

const CHOICES = ['7', '30', '90'] as const;

export default function Usage({ clientId }: { readonly clientId: string }) {
  const { usage: messages } = useMessages().activity;
  const [params, setParams] = useSearchParams();
  const days = CHOICES.find((one) => one === params.get('days')) ?? '30';
  const usage = useQuery(usageQuery(clientId, Number(days)));
  const app = useQuery(appQuery(clientId));
  if (usage.error !== null) return <ErrorState error={usage.error} again={() => void usage.refetch()} />;
  if (usage.data === undefined) return <Loading />;
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <SegmentedControl
          aria-label={messages.days}
          value={days}
          onChange={(value) => setParams({ days: value }, { replace: true })}
          data={CHOICES.map((value) => ({ value, label: messages.lastDays(Number(value)) }))}
        />
        <FirstRequest at={usage.data.firstCallAt} />
      </Group>
      {isUnused(usage.data) ? (
        <EmptyState title={messages.empty.title} text={messages.empty.text}>
          <Button component={Link} to={`/developer/apps/${clientId}/log`} variant="default">
            {messages.empty.log}
          </Button>
        </EmptyState>
      ) : (
        <>
          <Summary usage={usage.data} />
          <Charts usage={usage.data} />
          {app.data?.kind === 'backend' ? null : <Funnel steps={usage.data.funnel} />}
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
            <ByType usage={usage.data} />
            <ByCode usage={usage.data} clientId={clientId} />
          </SimpleGrid>
        </>
      )}
    </Stack>
  );
}

const isUnused = ({ totals, funnel }: UsageResponse): boolean =>
  totals.calls + totals.errors + funnel.reduce((sum, { count }) => sum + count, 0) === 0;

function FirstRequest({ at }: { readonly at: string | null }) {
  const { usage } = useMessages().activity;
  const { minute } = useDates();
  return (
    <Text size="sm" c="dimmed">
      {at === null ? usage.noFirstCall : usage.firstCall(minute(at))}
    </Text>
  );
}

/** Shows all totals of an app's usage in one sentence, which screen readers announce too. */
function Summary({ usage: { buckets, totals } }: { readonly usage: UsageResponse }) {
  const { usage } = useMessages().activity;
  const patients = Math.max(0, ...buckets.map((bucket) => bucket.patients ?? 0));
  return (
    <Stack gap="xs" aria-live="polite">
      <Text maw={760}>
        {usage.summary({
          days: buckets.length,
          calls: totals.calls,
          errors: totals.errors,
          patients,
        })}
      </Text>
      {totals.unproved === 0 ? null : (
        <Text size="sm" c="dimmed" maw={760}>
          {usage.unauthenticated(totals.unproved)}
        </Text>
      )}
      {totals.lost === 0 ? null : (
        <Alert color="warning" variant="light">
          {usage.notLogged(totals.lost)}
        </Alert>
      )}
    </Stack>
  );
}
