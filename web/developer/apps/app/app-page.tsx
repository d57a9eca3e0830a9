import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link, useParams } from 'react-router';
import type { AppResponse } from '../../../../src/portal-api/contract/apps.ts';
import type { AppTab } from '../../../../src/portal-api/contract/pages.ts';
import { useMessages } from '../../../i18n/index.ts';
import { NotFound } from '../../../shell/not-found.tsx';
import { Page } from '../../../shell/page.tsx';
import { ErrorState, Loading } from '../../../shell/page-states.tsx';
import { AppLogo, StatusBadge } from '../app-card.tsx';
import classes from '../apps.module.css';
import { appQuery } from '../queries.ts';
import { Overview } from './overview.tsx';

type AppPageTab = 'overview' | AppTab;
type AppTabPage = React.ComponentType<{ readonly app: AppResponse }>;

type ClientPageModule = { default: React.ComponentType<{ readonly clientId: string }> };

/** Makes a tab of the app's page from a component that needs only the app's client id. */
const clientPage = (load: () => Promise<ClientPageModule>) =>
  lazy(async () => {
    const { default: Inner } = await load();
    return { default: (({ app }) => <Inner clientId={app.clientId} />) satisfies AppTabPage };
  });

const TABS: Readonly<Record<AppPageTab, AppTabPage>> = {
  overview: Overview,
  settings: lazy(() => import('./settings.tsx')),
  credentials: lazy(() => import('./credentials.tsx')),
  environment: lazy(() => import('./environment.tsx')),
  history: lazy(() => import('./history.tsx')),
  people: lazy(() => import('./role-permissions.tsx')),
  log: clientPage(() => import('../../activity/log.tsx')),
  usage: clientPage(() => import('../../activity/usage.tsx')),
};
const NAMES = Object.keys(TABS) as AppPageTab[];

export default function AppPage() {
  const { clientId = '', tab = 'overview' } = useParams();
  const name = NAMES.find((one) => one === tab);
  return name === undefined ? <NotFound /> : <AppWithTabs clientId={clientId} name={name} />;
}

function AppWithTabs({ clientId, name }: { readonly clientId: string; readonly name: AppPageTab }) {
  const { tabs, title } = useMessages().apps;
  const app = useQuery(appQuery(clientId));
  if (app.error !== null) {
    return (
      <Page title={title}>
        <ErrorState error={app.error} again={() => void app.refetch()} />
      </Page>
    );
  }
  if (app.data === undefined) return <Loading />;
  const TabContent = TABS[name];
  return (
    <Page title={name === 'overview' ? app.data.name : `${app.data.name}: ${tabs[name]}`}>
      <AppHeader app={app.data} />
      <TabLinks clientId={clientId} chosen={name} />
      <Suspense fallback={<Loading />}>
        <TabContent app={app.data} />
      </Suspense>
    </Page>
  );
}

function AppHeader({ app }: { readonly app: AppResponse }) {
  const { kinds } = useMessages().apps;
  return (
    <Group gap="sm">
      <AppLogo app={app} size={36} />
      <StatusBadge app={app} />
      <Text size="sm" c="dimmed">
        {kinds[app.kind].short}
      </Text>
    </Group>
  );
}

function TabLinks({ clientId, chosen }: { readonly clientId: string; readonly chosen: AppPageTab }) {
  const { tabs } = useMessages().apps;
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
                // Scrolls to the selected tab, because on phones the row of tabs is wider than the page.
                ref(link: HTMLAnchorElement | null) {
                  link?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
                },
              }
            : {})}
        >
          {tabs[name]}
        </Link>
      ))}
    </nav>
  );
}
