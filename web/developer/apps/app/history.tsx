import { Accordion, Card, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AppResponse, AppVersionResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useLanguage, useMessages } from '../../../i18n/index.ts';
import { useDates } from '../../../i18n/use-dates.ts';
import { ErrorState, Loading } from '../../../shell/page-states.tsx';
import { catalogueQuery, historyQuery } from '../queries.ts';
import { Timeline } from './timeline.tsx';
import { VersionTerms } from './version-terms.tsx';

/** Page with the history of an app and all submitted versions. */
export default function History({ app }: { readonly app: AppResponse }) {
  const { history } = useMessages().apps;
  const events = useQuery(historyQuery(app.clientId));
  return (
    <Stack gap="lg" maw={860}>
      <Card component="section" withBorder radius="md" padding="lg">
        <Stack gap="md">
          <Title order={2} size="h4">
            {history.timeline}
          </Title>
          {events.error !== null ? (
            <ErrorState error={events.error} again={() => void events.refetch()} />
          ) : events.data === undefined ? (
            <Loading />
          ) : events.data.length === 0 ? (
            <Text>{history.empty}</Text>
          ) : (
            <Timeline app={app} events={events.data} />
          )}
        </Stack>
      </Card>
      {app.versions.length === 0 ? null : <Versions app={app} />}
    </Stack>
  );
}

function Versions({ app }: { readonly app: AppResponse }) {
  const { language, messages } = useLanguage();
  const { history } = messages.apps;
  const catalogue = useQuery(catalogueQuery(language)).data;
  return (
    <section>
      <Title order={2} size="h4" mb="sm">
        {history.versions}
      </Title>
      <Accordion variant="separated" radius="md" order={3}>
        {app.versions.map((version) => (
          <Accordion.Item key={version.version} value={String(version.version)}>
            <Accordion.Control>
              <Text span fw={600}>
                {history.version(version.version)}
              </Text>
              <Text span c="dimmed" size="sm" ms="sm">
                {history.versionStates[version.state]}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              <VersionFacts version={version} />
              <VersionTerms terms={version.terms} catalogue={catalogue} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </section>
  );
}

function VersionFacts({ version }: { readonly version: AppVersionResponse }) {
  const { history } = useMessages().apps;
  const { day } = useDates();
  const { submittedAt, submittedBy, decidedAt, reason } = version;
  return (
    <Stack gap={4} mb="md">
      <Text size="sm">
        {submittedBy === null
          ? history.submittedOn(day(submittedAt))
          : history.submittedBy(submittedBy, day(submittedAt))}
      </Text>
      {decidedAt === null ? null : <Text size="sm">{history.decidedOn(day(decidedAt))}</Text>}
      {reason === null ? null : <Text style={{ whiteSpace: 'pre-wrap' }}>{reason}</Text>}
    </Stack>
  );
}
