import { Alert, Avatar, Button, Card, Grid, Group, Stack, Text } from '@mantine/core';
import { IconMessageQuestion } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { AppReviewResponse } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { api } from '../../shell/api.ts';
import { Page } from '../../shell/page.tsx';
import { ErrorState, Loading } from '../../shell/page-states.tsx';
import { Deadline } from '../../shell/review-deadline.tsx';
import { AppFacts } from './app-facts.tsx';
import { AutomatedChecks } from './automated-checks.tsx';
import { Decision } from './decision.tsx';
import { Differences } from './differences.tsx';
import { History } from './history.tsx';
import { Notes } from './notes.tsx';
import { RequestLimit } from './request-limit.tsx';
import { StateBadge } from './state-badge.tsx';
import { DataUse, Terms } from './terms.tsx';

/** Page with everything that an administrator needs to decide about one app. */
export default function AppReviewPage() {
  const { clientId = '' } = useParams();
  const messages = useAdminMessages();
  const { data, error, refetch } = useQuery({
    queryKey: ['review', 'app', clientId],
    queryFn: () => api<AppReviewResponse>('GET', `/review/apps/${encodeURIComponent(clientId)}`),
  });
  if (error !== null) {
    return (
      <Page title={messages.review.apps.title}>
        <ErrorState error={error} again={() => void refetch()} />
      </Page>
    );
  }
  if (data === undefined) {
    return (
      <Page title={messages.review.apps.title}>
        <Loading />
      </Page>
    );
  }
  const { app } = data;
  const kind = messages.apps.kinds[app.kind].short;
  const { lead, leadWithoutOrganisation } = messages.review.app;
  const by = messages.review.noOrganisation[app.registeredBy];
  return (
    <Page
      title={app.open?.terms.name ?? app.name}
      lead={app.organisation === null ? leadWithoutOrganisation(kind, by) : lead(kind, app.organisation.name)}
      actions={<StateBadge state={app.state} />}
    >
      <VersionInReview review={data} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="md">
            <Differences review={data} />
            <DataUse review={data} />
            <AutomatedChecks key={app.open?.version} clientId={app.clientId} />
            <Terms review={data} />
            <History events={data.history} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="md">
            <Decision key={app.clientId} review={data} />
            <AppFacts review={data} />
            <RequestLimit review={data} />
            <Notes review={data} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

/** Shows the version of an app that is in review, and its deadline. */
function VersionInReview({ review }: { readonly review: AppReviewResponse }) {
  const { app: messages } = useAdminMessages().review;
  const when = useDates();
  const { open, clock, logo, registeredBy } = review.app;
  if (open === null || clock === null) return <Text>{messages.nothingPending}</Text>;
  return (
    <Card withBorder padding="md">
      <Stack gap="sm">
        <Group justify="space-between" gap="md">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Avatar src={open.logo ?? logo} alt="" size={48} radius="sm" variant="light" color="accent" aria-hidden>
              {[...open.terms.name][0]?.toUpperCase()}
            </Avatar>
            <Stack gap={0} miw={0}>
              <Text fw={600}>{messages.version(open.version)}</Text>
              <Text size="sm" c="dimmed">
                {messages.submitted(
                  open.submittedBy ?? messages.submitters[registeredBy],
                  when.minute(open.submittedAt),
                )}
              </Text>
            </Stack>
          </Group>
          <Deadline clock={clock} />
        </Group>
        <Button component="a" href="#decide" variant="default" hiddenFrom="md">
          {messages.toDecision}
        </Button>
        {open.question === null || open.askedAt === null ? null : (
          <Alert variant="light" icon={<IconMessageQuestion aria-hidden />} title={messages.question}>
            <Text size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
              {open.question}
            </Text>
          </Alert>
        )}
      </Stack>
    </Card>
  );
}
