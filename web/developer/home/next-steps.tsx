import { Alert, Anchor, Button, Group, SimpleGrid, Stack, Title } from '@mantine/core';
import { IconClockHour4, IconShieldLock, IconUserPlus } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { AppSummary } from '../../../src/portal-api/contract/apps.ts';
import type { OwnOrganisationsResponse } from '../../../src/portal-api/contract/organisations.ts';
import { useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import type { PortalSession } from '../../shell/api.ts';
import { Page } from '../../shell/page.tsx';
import { ErrorState, Loading } from '../../shell/page-states.tsx';
import { useSession } from '../../shell/session.ts';
import { AppCard } from '../apps/app-card.tsx';
import { explorerUrl } from '../apps/app-status.ts';
import { appQuery, appsQuery } from '../apps/queries.ts';
import { membershipsQuery } from '../organisation/queries.ts';
import { HomeStep } from './step.tsx';
import { TaskGuides } from './task-guides.tsx';

type OwnOrganisation = OwnOrganisationsResponse['organisations'][number];

/** Shows the next steps of a developer, depending on what they have done so far. */
export function NextSteps({ name }: { readonly name: string }) {
  const { start } = useMessages().home;
  const isShared = useSession().person?.sandboxDeveloper === true;
  const { data: memberships, error, refetch } = useQuery(membershipsQuery);
  return (
    <Page title={start.title(name)} lead={start.lead}>
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {memberships === undefined && error === null ? <Loading /> : null}
      {memberships === undefined ? null : (
        <>
          {memberships.organisations.map((one) =>
            one.waiting === 0 ? null : <JoinRequestNotice key={one.organisationId} one={one} />,
          )}
          {memberships.organisations.length === 0 ? (
            <NoOrganisationSteps memberships={memberships} />
          ) : (
            <OrganisationSteps organisations={memberships.organisations} />
          )}
          <TaskGuides />
          {memberships.account.secondFactor || isShared ? null : <SecondFactorNotice />}
        </>
      )}
    </Page>
  );
}

function JoinRequestNotice({ one }: { readonly one: OwnOrganisation }) {
  const { start } = useMessages().home;
  return (
    <Alert variant="light" icon={<IconUserPlus aria-hidden />}>
      <Group gap="md">
        <span>{start.requests(one.waiting, one.name)}</span>
        <Button component={Link} to={`/developer/organisation/${one.organisationId}`} size="xs">
          {start.answer}
        </Button>
      </Group>
    </Alert>
  );
}

/** Shows the next steps of a developer without an organization, who can explore the sandbox in the meantime. */
function NoOrganisationSteps({ memberships }: { readonly memberships: OwnOrganisationsResponse }) {
  const { start } = useMessages().home;
  const { day } = useDates();
  const waiting = memberships.requests.find(({ declinedAt }) => declinedAt === null);
  const title = waiting === undefined ? start.noOrganisation.title : start.waiting.title(waiting.organisationName);
  const text = waiting === undefined ? start.noOrganisation.text : start.waiting.text(day(waiting.askedAt));
  return (
    <>
      <Alert variant="light" icon={<IconClockHour4 aria-hidden />} title={title}>
        <Stack gap="sm" align="flex-start">
          {text}
          {waiting === undefined ? (
            <Button component={Link} to="/developer/organisation" size="sm">
              {start.noOrganisation.button}
            </Button>
          ) : (
            <Anchor component={Link} to="/developer/organisation" c="inherit" underline="always">
              {start.waiting.own}
            </Anchor>
          )}
        </Stack>
      </Alert>
      <SimpleGrid component="ol" cols={1} m={0} p={0} maw={720}>
        <ReadData number={1} status="next" />
      </SimpleGrid>
    </>
  );
}

function OrganisationSteps({
  organisations,
}: {
  readonly organisations: readonly [OwnOrganisation, ...OwnOrganisation[]] | readonly OwnOrganisation[];
}) {
  const [first] = organisations;
  const { start } = useMessages().home;
  const session = useSession();
  const apps = useQuery(appsQuery(first?.organisationId ?? ''));
  const displayed = (apps.data ?? []).slice(0, 3);
  const hasRead = useFirstData(displayed);
  if (first === undefined) return null;
  if (apps.error !== null) return <ErrorState error={apps.error} again={() => void apps.refetch()} />;
  if (apps.data === undefined) return <Loading />;
  const count = apps.data.length;
  return (
    <>
      <SimpleGrid component="ol" cols={{ base: 1, lg: 3 }} m={0} p={0}>
        <HomeStep
          number={1}
          status="done"
          title={start.account.title}
          text={start.account.text(organisations.map(({ name }) => name).join(', '))}
        />
        <AddApp count={count} role={first.role} organisationId={first.organisationId} />
        <ReadData
          number={3}
          status={hasRead ? 'done' : count === 0 ? 'later' : 'next'}
          app={appToTry(session, displayed)}
        />
      </SimpleGrid>
      {count === 0 ? null : (
        <Stack component="section" gap="sm" aria-labelledby="apps">
          <Title order={2} size="h3" id="apps">
            {start.apps}
          </Title>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
            {displayed.map((app) => (
              <AppCard key={app.clientId} app={app} />
            ))}
          </SimpleGrid>
        </Stack>
      )}
    </>
  );
}

/**
 * Returns the app to try in the explorer: one to which people sign in, preferably a provisional one, which can be tried
 * before any review. No one can sign in to a made-up app.
 */
const appToTry = ({ person }: PortalSession, apps: readonly AppSummary[]): AppSummary | undefined =>
  person?.sandboxDeveloper === true
    ? undefined
    : (apps.find((app) => hasSignIn(app) && app.state === 'provisional') ?? apps.find(hasSignIn));

const hasSignIn = ({ kind, state }: AppSummary): boolean =>
  kind !== 'backend' && (state === 'provisional' || state === 'active');

/**
 * Returns whether one of the developer's apps has received data. As soon as one has, the page stops polling all of
 * them.
 */
function useFirstData(apps: readonly AppSummary[]): boolean {
  const [done, setDone] = useState(false);
  const found = useQueries({
    queries: apps.map(({ clientId }) => {
      const query = appQuery(clientId);
      return done ? { ...query, refetchInterval: false as const } : query;
    }),
    combine: (all) => all.some(({ data }) => (data?.firstCallAt ?? null) !== null),
  });
  if (found && !done) setDone(true);
  return found;
}

function AddApp({
  count,
  role,
  organisationId,
}: { readonly count: number } & Pick<OwnOrganisation, 'role' | 'organisationId'>) {
  const { add } = useMessages().home.start;
  const text = count > 0 ? add.done(count) : role === 'reader' ? add.reader : add.text;
  return (
    <HomeStep number={2} status={count === 0 ? 'next' : 'done'} title={add.title} text={text}>
      {count > 0 ? (
        <Anchor component={Link} to="/developer/apps">
          {add.all}
        </Anchor>
      ) : role === 'reader' ? null : (
        <Button component={Link} to={`/developer/apps/new?organisation=${organisationId}`}>
          {add.button}
        </Button>
      )}
    </HomeStep>
  );
}

function ReadData({
  number,
  status,
  app,
}: {
  readonly number: number;
  readonly status: 'done' | 'next' | 'later';
  /** The developer's own app that the explorer opens with; undefined for the explorer's own client. */
  readonly app?: AppSummary | undefined;
}) {
  const { data } = useMessages().home.start;
  const text = status === 'done' ? data.done : app === undefined ? data.text : data.own(app.name);
  return (
    <HomeStep number={number} status={status} title={data.title} text={text}>
      <Group gap="sm">
        <Button
          component={Link}
          to={app === undefined ? '/developer/explorer' : explorerUrl(app.clientId)}
          variant={status === 'next' ? 'filled' : 'default'}
        >
          {app === undefined ? data.button : data.run(app.name)}
        </Button>
        <Anchor href="/docs/getting-started">{data.docs}</Anchor>
      </Group>
    </HomeStep>
  );
}

function SecondFactorNotice() {
  const { secondFactor } = useMessages().home.start;
  return (
    <Alert variant="light" color="gray" icon={<IconShieldLock aria-hidden />} title={secondFactor.title} maw={720}>
      <Stack gap="sm" align="flex-start">
        {secondFactor.text}
        <Button component="a" href="/account/security" variant="default" size="sm">
          {secondFactor.button}
        </Button>
      </Stack>
    </Alert>
  );
}
