import { Alert, Anchor, Button, Card, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ReviewedOrganisation, ReviewedOrganisationsResponse } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { api } from '../../shell/api.ts';
import { FilterRow } from '../../shell/list/filter-row.tsx';
import { Pager } from '../../shell/list/pager.tsx';
import { useListParams } from '../../shell/list/use-list-params.ts';
import { Page } from '../../shell/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { OrganisationBadge } from '../organisation-badge.tsx';
import { VerifyDialog } from './verify-dialog.tsx';

/** Page with the organizations of developers, on which administrators verify them. */
export default function OrganisationsPage() {
  const { review, shell } = useAdminMessages();
  const { organisations: messages, filters } = review;
  const { params, setParam } = useListParams();
  const [done, setDone] = useState<string>();
  const queryText = new URLSearchParams([...params].filter(([name]) => name !== 'decide')).toString();
  const { data, error, refetch } = useQuery({
    queryKey: ['review', 'organisations', queryText],
    queryFn: () => api<ReviewedOrganisationsResponse>('GET', `/review/organisations?${queryText}`),
    placeholderData: keepPreviousData,
  });
  const states = [
    { value: 'true', label: messages.verified },
    { value: 'false', label: messages.unverified },
  ];
  const chosen = data?.organisations.find(({ organisationId }) => organisationId === params.get('decide'));
  return (
    <Page title={messages.title} lead={messages.lead}>
      <FilterRow
        hint={filters.organisation}
        choices={[{ name: 'verified', label: filters.state, options: states }]}
        orders={(['name', 'newest', 'oldest'] as const).map((value) => ({ value, label: shell.list.orders[value] }))}
      />
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Loading /> : null}
      <div aria-live="polite">
        {done === undefined ? null : (
          <Alert variant="light" color="success" mb="sm">
            {done}
          </Alert>
        )}
        {data === undefined ? null : data.organisations.length === 0 ? (
          <EmptyState {...messages.empty} />
        ) : (
          <>
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm" role="list" mb="sm">
              {data.organisations.map((one) => (
                <OrganisationRow
                  key={one.organisationId}
                  one={one}
                  open={() => setParam('decide', one.organisationId)}
                />
              ))}
            </SimpleGrid>
            <Pager found={data.found} />
          </>
        )}
      </div>
      {chosen === undefined ? null : (
        <VerifyDialog
          one={chosen}
          close={() => setParam('decide', null)}
          done={(text) => {
            setDone(text);
            setParam('decide', null);
          }}
        />
      )}
    </Page>
  );
}

function OrganisationRow({ one, open }: { readonly one: ReviewedOrganisation; readonly open: () => void }) {
  const { organisations: messages, app } = useAdminMessages().review;
  const when = useDates();
  const verified = one.verifiedAt !== null;
  return (
    <Card withBorder padding="md" role="listitem">
      <Stack gap="xs" justify="space-between" h="100%">
        <Stack gap={4}>
          <Group justify="space-between" gap="xs" align="flex-start">
            <Text fw={600} style={{ overflowWrap: 'anywhere' }} maw="100%">
              {one.name}
            </Text>
            <OrganisationBadge verifiedAt={one.verifiedAt} />
          </Group>
          <Text size="sm">{one.domain ?? app.noDomain}</Text>
          <Text size="sm">
            {messages.people(one.people)} ·{' '}
            <Anchor
              component={Link}
              to={`/review/apps?organisation=${one.organisationId}`}
              size="sm"
              underline="always"
            >
              {messages.apps(one.apps)}
            </Anchor>
          </Text>
          <Text size="xs" c="dimmed">
            {messages.since(when.day(one.createdAt))}
            {one.verifiedAt === null
              ? null
              : ` · ${one.verifiedBy === null ? messages.verifiedOn(when.day(one.verifiedAt)) : messages.verifiedBy(one.verifiedBy, when.day(one.verifiedAt))}`}
          </Text>
          <ToDo one={one} />
        </Stack>
        <Group>
          <Button
            size="xs"
            variant="default"
            onClick={open}
            aria-label={verified ? messages.unverifyOf(one.name) : messages.verifyOf(one.name)}
          >
            {verified ? messages.unverify : messages.verify}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

/** Shows which versions of the organization's apps are waiting for review, with links to the review queue. */
function ToDo({
  one: { name, versionsToVerify, versionsToEnable },
}: {
  readonly one: Pick<ReviewedOrganisation, 'name' | 'versionsToVerify' | 'versionsToEnable'>;
}) {
  const messages = useAdminMessages().review.organisations;
  if (versionsToVerify + versionsToEnable === 0)
    return (
      <Text size="xs" c="dimmed">
        {messages.nothingToDo}
      </Text>
    );
  const queue = (state: string, text: string) => (
    <Anchor component={Link} to={`/review?${new URLSearchParams({ text: name, state })}`} size="sm" underline="always">
      {text}
    </Anchor>
  );
  return (
    <Text size="sm">
      {messages.toDo}: {versionsToVerify === 0 ? null : queue('waiting', messages.toVerify(versionsToVerify))}
      {versionsToVerify === 0 || versionsToEnable === 0 ? null : ', '}
      {versionsToEnable === 0 ? null : queue('verified', messages.toEnable(versionsToEnable))}
    </Text>
  );
}
