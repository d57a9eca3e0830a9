import { Alert, Button, Center, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { use, useEffect, useRef } from 'react';
import { shell as englishShell } from '../../src/i18n/en/portal-shell.ts';
import { errorMessage } from '../i18n/error-message.ts';
import { MessagesContext, type WebMessages } from '../i18n/index.ts';
import { ApiProblem, signInUrl } from './api.ts';
import { ConfirmIdentity } from './confirm-identity.tsx';

/** Texts of the page layout. They are in English until the messages of the reader's language are loaded. */
const useShellMessages = (): WebMessages['shell'] => use(MessagesContext)?.messages.shell ?? englishShell;

/**
 * Shows the outline of a page while its content is loaded, so that the page doesn't jump.
 * @param rows number of outlined entries
 */
export function Loading({ rows = 4 }: { readonly rows?: number }) {
  const shell = useShellMessages();
  return (
    <div role="status" aria-label={shell.loading} className="outline">
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row} />
      ))}
    </div>
  );
}

/**
 * Returns the text of an error. If all its field errors have a code, the text consists of their messages in the
 * reader's language. Otherwise it is the server's message.
 */
function errorText(error: Error, messages: WebMessages | undefined): string {
  const errors = error instanceof ApiProblem ? (error.problem.errors ?? []) : [];
  const coded = errors.length > 0 && errors.every(({ code }) => code !== undefined);
  if (messages === undefined || !coded) return error.message;
  return [...new Set(errors.map((fieldError) => errorMessage(messages, fieldError)))].join(' ');
}

/**
 * Shows what happened and what the user can do: sign in, use another account, confirm their identity, or try again. An
 * error of an action, which has no `again`, takes the focus, so that keyboard and screen reader users find it.
 */
export function ErrorState({ error, again }: { readonly error: Error; readonly again?: () => void }) {
  const messages = use(MessagesContext)?.messages;
  const shell = useShellMessages();
  const summary = useRef<HTMLDivElement>(null);
  const isAction = again === undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new error takes the focus
  useEffect(() => {
    if (isAction) summary.current?.focus();
  }, [error, isAction]);
  const response = error instanceof ApiProblem ? error.problem : undefined;
  if (response?.code === 'proof-needed') return <ConfirmIdentity ref={summary} />;
  return (
    <Alert
      ref={summary}
      tabIndex={-1}
      role="alert"
      color="danger"
      icon={<IconAlertTriangle aria-hidden />}
      title={response?.code === 'fields-invalid' ? shell.error.fields : shell.error.title}
      variant="light"
    >
      <Stack gap="xs">
        <Text size="sm">{errorText(error, messages)}</Text>
        {response === undefined || response.request_id === '' ? null : (
          <Text size="xs" ff="monospace">
            {shell.error.requestId(response.request_id)}
          </Text>
        )}
        <Group gap="xs">
          {response?.code === 'not-signed-in' ? (
            <Button component="a" href={signInUrl()} size="xs">
              {shell.signIn}
            </Button>
          ) : null}
          {response?.code === 'wrong-account' ? (
            <Button component="a" href="/sign-in" size="xs">
              {shell.error.wrongAccount}
            </Button>
          ) : null}
          {again === undefined ? null : (
            <Button onClick={again} size="xs" variant="default">
              {shell.error.again}
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

/** Shows a text in place of an empty list: what will appear here, and how to get it. */
export function EmptyState({
  title,
  text,
  children,
}: {
  readonly title: string;
  readonly text: string;
  readonly children?: React.ReactNode;
}) {
  return (
    <Center mih={220}>
      <Stack align="center" gap="xs" maw={440} ta="center">
        <Text fw={600} size="lg">
          {title}
        </Text>
        <Text c="dimmed">{text}</Text>
        {children}
      </Stack>
    </Center>
  );
}
