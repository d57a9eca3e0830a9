import { Container, MantineProvider, Title } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { webEn } from '../../src/i18n/en/web.ts';
import { loadMessages, MessagesContext } from '../i18n/index.ts';
import { ApiProblem } from './api.ts';
import { Layout } from './layout.tsx';
import { NotFound } from './not-found.tsx';
import { ErrorState, Loading } from './page-states.tsx';
import { SessionContext, sessionQuery } from './session.ts';
import { readableColors, theme } from './theme.ts';

const DeveloperRoutes = lazy(() => import('../developer/routes.tsx'));
const AdminRoutes = lazy(() => import('../admin/routes.tsx'));

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
// Mantine adds a style element when a dialog locks the scrolling of the page. It reads the nonce that the
// Content-Security-Policy requires from the global variable `__webpack_nonce__`.
Object.assign(globalThis, { __webpack_nonce__: nonce });
/**
 * Returns whether a failed query is retried: only if the server couldn't be reached. An error response would be the
 * same again.
 */
const retry = (count: number, error: Error): boolean =>
  count < 2 && error instanceof ApiProblem && error.problem.status === 0;
const client = new QueryClient({ defaultOptions: { queries: { retry, staleTime: 10_000 } } });

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readableColors}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Notifications position="top-right" />
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
    <Container component="main" py="md">
      <Title order={1} size="h2">
        {webEn.shell.nav.developer}
      </Title>
      <ErrorState {...failure} />
    </Container>
  );
}

/** Loads the session and the messages in the user's language before it renders anything else. */
function SessionGate() {
  const session = useQuery(sessionQuery);
  const language = session.data?.language;
  const messages = useQuery({
    queryKey: ['messages', language],
    queryFn: () => loadMessages[language ?? 'en'](),
    enabled: language !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (language !== undefined) document.documentElement.lang = language;
  }, [language]);
  if (session.error !== null) return <ServerUnreachable error={session.error} again={() => void session.refetch()} />;
  if (session.data === undefined || messages.data === undefined || language === undefined) return <Loading />;
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
      </SessionContext>
    </MessagesContext>
  );
}
