import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy } from 'react';
import { Link, Route, Routes } from 'react-router';
import type { ReviewPath } from '../../src/portal-api/contract/pages.ts';
import { AdminMessagesContext, adminMessagesQuery, useAdminMessages, useLanguage, useMessages } from '../i18n/index.ts';
import { ApiProblem } from '../shell/api.ts';
import { NotFound } from '../shell/not-found.tsx';
import { Page } from '../shell/page.tsx';
import { ErrorState, Loading } from '../shell/page-states.tsx';
import { useSession } from '../shell/session.ts';
import { MadeUpReviewBanner } from './made-up-banner.tsx';

/** Pages of administrators by path. The code of each page is loaded when it is opened. */
const PAGES: Readonly<Record<ReviewPath, React.ComponentType>> = {
  '': lazy(() => import('./queue/page.tsx')),
  apps: lazy(() => import('./apps/page.tsx')),
  'apps/:clientId': lazy(() => import('./app/page.tsx')),
  approvals: lazy(() => import('./approvals/page.tsx')),
  audit: lazy(() => import('./audit/page.tsx')),
  brands: lazy(() => import('./brands/page.tsx')),
  groups: lazy(() => import('./groups/page.tsx')),
  keys: lazy(() => import('./keys/page.tsx')),
  organisations: lazy(() => import('./organisations/page.tsx')),
  settings: lazy(() => import('./settings/page.tsx')),
  status: lazy(() => import('./status/page.tsx')),
};

/** Pages of the sandbox's administrator, with made-up data. The server rejects all other requests of theirs. */
const MADE_UP_PAGES: readonly string[] = [
  '',
  'apps',
  'apps/:clientId',
  'organisations',
  'brands',
] satisfies ReviewPath[];

export default function AdminRoutes() {
  const { language } = useLanguage();
  const { data, error, refetch } = useQuery(adminMessagesQuery(language));
  if (error !== null) return <ErrorState error={error} again={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <AdminMessagesContext value={data}>
      <Routes>
        {Object.entries(PAGES).map(([path, Page]) => (
          <Route
            key={path}
            path={path}
            element={
              <AdministratorGuard path={path}>
                <Page />
              </AdministratorGuard>
            }
          />
        ))}
        <Route path="*" element={<NotFound />} />
      </Routes>
    </AdminMessagesContext>
  );
}

/**
 * Shows the content to administrators of the installation. Shows the sandbox's administrator the pages of the made-up
 * review, with a note that they are made up. Shows an explanation to others.
 */
function AdministratorGuard({ path, children }: { readonly path: string; readonly children: React.ReactNode }) {
  const { error, nav } = useMessages().shell;
  const { person } = useSession();
  if (person?.administrator === true) return children;
  const isVisitor = person?.sandboxAdministrator === true;
  if (isVisitor && MADE_UP_PAGES.includes(path)) {
    return (
      <>
        <MadeUpReviewBanner />
        {children}
      </>
    );
  }
  if (isVisitor) return <NotInSandbox />;
  return (
    <Page title={nav.review}>
      <ErrorState error={accessProblem(person === null, error.title, error.forAdministrators)} />
    </Page>
  );
}

/** Says that the sandbox doesn't include the page. */
function NotInSandbox() {
  const { review, shell } = useAdminMessages();
  const { title, text } = review.madeUp.notInSandbox;
  return (
    <Page title={title}>
      <Stack gap="md" align="flex-start">
        <Text>{text}</Text>
        <Button component={Link} to="/review">
          {shell.notFound.toReview}
        </Button>
      </Stack>
    </Page>
  );
}

/** Creates the same error that the server returns to people who don't administer the installation. */
const accessProblem = (nobody: boolean, title: string, detail: string): ApiProblem =>
  new ApiProblem({
    type: 'about:blank',
    title,
    status: nobody ? 401 : 403,
    detail,
    code: nobody ? 'not-signed-in' : 'wrong-account',
    request_id: '',
  });
