import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link, useParams } from 'react-router';
import type { AppAnswer } from '../../../../src/portal/contract/apps.ts';
import type { AppTab } from '../../../../src/portal/contract/pages.ts';
import { NotFound } from '../../../shell/not-found.tsx';
import { Page } from '../../../shell/page.tsx';
import { Failure, Loading } from '../../../shell/states.tsx';
import { useWords } from '../../../words/index.ts';
import { AppPicture, StandingBadge } from '../app-card.tsx';
import classes from '../apps.module.css';
import { appQuery } from '../queries.ts';
import { Overview } from './overview.tsx';

type Tab = 'overview' | AppTab;
type TabPage = React.ComponentType<{ readonly app: AppAnswer }>;

type OfClient = { default: React.ComponentType<{ readonly clientId: string }> };

/** Wraps a page of another module that only needs the client id. */
const ofClient = (load: () => Promise<OfClient>) =>
  lazy(async () => {
    const { default: Inner } = await load();
    return { default: (({ app }) => <Inner clientId={app.clientId} />) satisfies TabPage };
  });

const TABS: Readonly<Record<Tab, TabPage>> = {
  overview: Overview,
  settings: lazy(() => import('./settings.tsx')),
  credentials: lazy(() => import('./credentials.tsx')),
  environment: lazy(() => import('./environment.tsx')),
  history: lazy(() => import('./history.tsx')),
  people: lazy(() => import('./people.tsx')),
  log: ofClient(() => import('../../activity/log.tsx')),
  usage: ofClient(() => import('../../activity/usage.tsx')),
};
const NAMES = Object.keys(TABS) as Tab[];

export default function AppPage() {
  const { clientId = '', tab = 'overview' } = useParams();
  const name = NAMES.find((one) => one === tab);
  return name === undefined ? <NotFound /> : <OneApp clientId={clientId} name={name} />;
}

function OneApp({ clientId, name }: { readonly clientId: string; readonly name: Tab }) {
  const { tabs, title } = useWords().apps;
  const app = useQuery(appQuery(clientId));
  if (app.error !== null) {
    return (
      <Page title={title}>
        <Failure error={app.error} again={() => void app.refetch()} />
      </Page>
    );
  }
  if (app.data === undefined) return <Loading />;
  const Shown = TABS[name];
  return (
    <Page title={name === 'overview' ? app.data.name : `${app.data.name}: ${tabs[name]}`}>
      <Head app={app.data} />
      <TabLinks clientId={clientId} chosen={name} />
      <Suspense fallback={<Loading />}>
        <Shown app={app.data} />
      </Suspense>
    </Page>
  );
}

function Head({ app }: { readonly app: AppAnswer }) {
  const { kinds } = useWords().apps;
  return (
    <Group gap="sm">
      <AppPicture app={app} size={36} />
      <StandingBadge app={app} />
      <Text size="sm" c="dimmed">
        {kinds[app.kind].short}
      </Text>
    </Group>
  );
}

function TabLinks({ clientId, chosen }: { readonly clientId: string; readonly chosen: Tab }) {
  const { tabs } = useWords().apps;
  return (
    <nav aria-label={tabs.label} className={classes['tabs'] ?? ''}>
      {NAMES.map((name) => (
        <Link
          key={name}
          className={classes['tab'] ?? ''}
          to={`/developer/apps/${clientId}${name === 'overview' ? '' : `/${name}`}`}
          {...(name === chosen
            ? {
                'aria-current': 'page' as const,
                // On phones the row of tabs is wider than the page.
                ref: (link: HTMLAnchorElement | null) => link?.scrollIntoView({ block: 'nearest', inline: 'nearest' }),
              }
            : {})}
        >
          {tabs[name]}
        </Link>
      ))}
    </nav>
  );
}
