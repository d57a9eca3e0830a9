import { Alert, Button, Center, Group, Loader, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { use } from 'react';
import { webEn } from '../../src/i18n/en/web.ts';
import { errorMessage } from '../i18n/error-message.ts';
import { MessagesContext, type WebMessages } from '../i18n/index.ts';
import { ApiProblem, confirmIdentityUrl, signInUrl } from './api.ts';

export function Loading() {
  const messages = use(MessagesContext)?.messages ?? webEn;
  return (
    <Center mih={200} role="status" aria-label={messages.shell.loading}>
      <Loader />
    </Center>
  );
}

/**
 * Returns the text of an error. If all its field errors have a code, the text consists of their messages in the
 * reader's language. Otherwise it is the server's message.
 */
function errorText(error: Error, messages: WebMessages): string {
  const errors = error instanceof ApiProblem ? (error.problem.errors ?? []) : [];
  const coded = errors.length > 0 && errors.every(({ code }) => code !== undefined);
  return coded ? [...new Set(errors.map((fieldError) => errorMessage(messages, fieldError)))].join(' ') : error.message;
}

/** Shows an error and what the user can do: sign in, confirm their identity, or try again. */
export function ErrorState({ error, again }: { readonly error: Error; readonly again?: () => void }) {
  const messages: WebMessages = use(MessagesContext)?.messages ?? webEn;
  const { shell } = messages;
  const response = error instanceof ApiProblem ? error.problem : undefined;
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle />} title={shell.error.title} variant="light" my="md">
      <Stack gap="xs">
        <Text size="sm">
          {response?.code === 'proof-needed' ? shell.error.confirmText : errorText(error, messages)}
        </Text>
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
          {response?.code === 'proof-needed' ? (
            <Button component="a" href={confirmIdentityUrl()} size="xs">
              {shell.error.confirm}
            </Button>
          ) : null}
          {response?.code === 'wrong-account' ? (
            <Button component="a" href="/sign-in" size="xs">
              {shell.error.wrongAccount}
            </Button>
          ) : null}
          {again === undefined || response?.code === 'proof-needed' ? null : (
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
