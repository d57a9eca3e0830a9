import { lazy } from 'react';
import { Route, Routes } from 'react-router';
import type { DeveloperPath } from '../../src/portal-api/contract/pages.ts';
import { NotFound } from '../shell/not-found.tsx';
import { MadeUpPortalBanner } from './made-up-banner.tsx';

const App = lazy(() => import('./apps/app/app-page.tsx'));
const Organisation = lazy(() => import('./organisation/page.tsx'));

/** Pages of developers by path. The code of each page is loaded when it is opened. */
const PAGES: Readonly<Record<DeveloperPath, React.ComponentType>> = {
  '': lazy(() => import('./home/page.tsx')),
  apps: lazy(() => import('./apps/apps-page.tsx')),
  'apps/new': lazy(() => import('./apps/new/new-app.tsx')),
  'apps/:clientId': App,
  'apps/:clientId/:tab': App,
  explorer: lazy(() => import('./explorer/page.tsx')),
  'explorer/callback': lazy(() => import('./explorer/callback.tsx')),
  notifications: lazy(() => import('./notifications/page.tsx')),
  organisation: Organisation,
  'organisation/:organisationId': Organisation,
  'test-patients': lazy(() => import('./test-patients/page.tsx')),
};

export default function DeveloperRoutes() {
  return (
    <>
      <MadeUpPortalBanner />
      <Routes>
        {Object.entries(PAGES).map(([path, Page]) => (
          <Route key={path} path={path} element={<Page />} />
        ))}
        <Route path="*" element={<NotFound />} />
      </Routes>
    </>
  );
}
