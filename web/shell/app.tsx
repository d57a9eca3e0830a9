import { Container, MantineProvider, Title } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { en } from '../words/en/index.ts';
import { loadWords, WordsContext } from '../words/index.ts';
import { ApiProblem } from './api.ts';
import { Frame } from './frame.tsx';
import { NotFound } from './not-found.tsx';
import { SessionContext, sessionQuery } from './session.ts';
import { Failure, Loading } from './states.tsx';
import { readable, theme } from './theme.ts';

const DeveloperRoom = lazy(() => import('../developer/room.tsx'));
const ReviewRoom = lazy(() => import('../review/room.tsx'));

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
// The scroll lock of dialogs adds a style element and reads the CSP nonce under this name.
Object.assign(globalThis, { __webpack_nonce__: nonce });
/** Retries only when the server couldn't be reached. An error response would be the same again. */
const retry = (count: number, error: Error): boolean =>
  count < 2 && error instanceof ApiProblem && error.answer.status === 0;
const client = new QueryClient({ defaultOptions: { queries: { retry, staleTime: 10_000 } } });

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readable}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Notifications position="top-right" />
      <QueryClientProvider client={client}>
        <BrowserRouter>
          <Signed />
        </BrowserRouter>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Shown when even the session can't be loaded, so neither the language nor the server's name is known. */
function Unreachable(failure: React.ComponentProps<typeof Failure>) {
  return (
    <Container component="main" py="md">
      <Title order={1} size="h2">
        {en.shell.nav.developer}
      </Title>
      <Failure {...failure} />
    </Container>
  );
}

/** Loads the session and the messages of its language before it renders anything. */
function Signed() {
  const session = useQuery(sessionQuery);
  const language = session.data?.language;
  const messages = useQuery({
    queryKey: ['words', language],
    queryFn: () => loadWords[language ?? 'en'](),
    enabled: language !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (language !== undefined) document.documentElement.lang = language;
  }, [language]);
  if (session.error !== null) return <Unreachable error={session.error} again={() => void session.refetch()} />;
  if (session.data === undefined || messages.data === undefined || language === undefined) return <Loading />;
  return (
    <WordsContext value={{ words: messages.data, language }}>
      <SessionContext value={session.data}>
        <Frame>
          <Suspense fallback={<Loading />}>
            <Routes>
              <Route path="/developer/*" element={<DeveloperRoom />} />
              <Route path="/review/*" element={<ReviewRoom />} />
              <Route path="*" element={<NotFound />} />
            </Routes>
          </Suspense>
        </Frame>
      </SessionContext>
    </WordsContext>
  );
}
