import { MantineProvider, Title } from '@mantine/core';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { shell as englishShell } from '../../src/i18n/en/portal-shell.ts';
import { adminMessagesQuery, documentLanguage, MessagesContext, messagesQuery } from '../i18n/index.ts';
import { ApiProblem } from './api.ts';
import { isReviewPath } from './header/navigation.ts';
import { Layout } from './layout.tsx';
import { NotFound } from './not-found.tsx';
import { Notifications } from './notifications.tsx';
import { ErrorState, Loading } from './page-states.tsx';
import { SessionContext, sessionQuery } from './session.ts';
import { designVariables, theme } from './theme.ts';

const loadDeveloperPages = () => import('../developer/routes.tsx');
const loadReviewPages = () => import('../admin/routes.tsx');
const DeveloperRoutes = lazy(loadDeveloperPages);
const AdminRoutes = lazy(loadReviewPages);

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
/**
 * Returns whether a failed query is retried: only if the server couldn't be reached. An error response would be the
 * same again.
 */
const retry = (count: number, error: Error): boolean =>
  count < 2 && error instanceof ApiProblem && error.problem.status === 0;
const client = new QueryClient({ defaultOptions: { queries: { retry, staleTime: 10_000 } } });

// Session, messages and pages load at the same time. Without this, each would wait for the one before it.
void client.prefetchQuery(sessionQuery);
void client.prefetchQuery(messagesQuery(documentLanguage()));
if (isReviewPath(location.pathname)) void client.prefetchQuery(adminMessagesQuery(documentLanguage()));
(isReviewPath(location.pathname) ? loadReviewPages() : loadDeveloperPages()).catch(() => {});

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={designVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={client}>
        <BrowserRouter>
          <SessionGate />
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/**
 * Error page for the case that the session can't be loaded, so that neither the user's language nor the server's name
 * is known.
 */
function ServerUnreachable(failure: React.ComponentProps<typeof ErrorState>) {
  return (
    <main>
      <Title order={1} mb="md">
        {englishShell.nav.developer}
      </Title>
      <ErrorState {...failure} />
    </main>
  );
}

/** Outline of the page layout while the session is loaded. */
function LoadingPage() {
  return (
    <>
      <div className="site-header outline-header" />
      <main>
        <Loading />
      </main>
    </>
  );
}

/** Loads the session and the messages in the user's language before it renders anything else. */
function SessionGate() {
  const session = useQuery(sessionQuery);
  const language = session.data?.language ?? documentLanguage();
  const messages = useQuery(messagesQuery(language));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  if (session.error !== null) return <ServerUnreachable error={session.error} again={() => void session.refetch()} />;
  if (session.data === undefined || messages.data === undefined) return <LoadingPage />;
  return (
    <MessagesContext value={{ messages: messages.data, language }}>
      <SessionContext value={session.data}>
        <Layout>
          <Suspense fallback={<Loading />}>
            <Routes>
              <Route path="/developer/*" element={<DeveloperRoutes />} />
              <Route path="/review/*" element={<AdminRoutes />} />
              <Route path="*" element={<NotFound />} />
            </Routes>
          </Suspense>
        </Layout>
        <Notifications />
      </SessionContext>
    </MessagesContext>
  );
}
