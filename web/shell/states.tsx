import { Alert, Button, Center, Group, Loader, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { use } from 'react';
import { en } from '../words/en/index.ts';
import { faultInWords } from '../words/fault.ts';
import { type Words, WordsContext } from '../words/index.ts';
import { ApiProblem, confirmAddress, signInAddress } from './api.ts';

export function Loading() {
  const words = use(WordsContext)?.words ?? en;
  return (
    <Center mih={200} role="status" aria-label={words.shell.loading}>
      <Loader />
    </Center>
  );
}

/** Messages of field errors in the reader's language if all of them have a code; otherwise the server's message. */
function reasonOf(error: Error, words: Words): string {
  const faults = error instanceof ApiProblem ? (error.answer.errors ?? []) : [];
  const coded = faults.length > 0 && faults.every(({ code }) => code !== undefined);
  return coded ? [...new Set(faults.map((fault) => faultInWords(words, fault)))].join(' ') : error.message;
}

/** Shows an error and what to do: sign in, confirm the identity, or try again. */
export function Failure({ error, again }: { readonly error: Error; readonly again?: () => void }) {
  const words: Words = use(WordsContext)?.words ?? en;
  const { shell } = words;
  const answer = error instanceof ApiProblem ? error.answer : undefined;
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle />} title={shell.failed.title} variant="light" my="md">
      <Stack gap="xs">
        <Text size="sm">{answer?.code === 'proof-needed' ? shell.failed.confirmText : reasonOf(error, words)}</Text>
        {answer === undefined || answer.request_id === '' ? null : (
          <Text size="xs" ff="monospace">
            {shell.failed.requestId(answer.request_id)}
          </Text>
        )}
        <Group gap="xs">
          {answer?.code === 'not-signed-in' ? (
            <Button component="a" href={signInAddress()} size="xs">
              {shell.signIn}
            </Button>
          ) : null}
          {answer?.code === 'proof-needed' ? (
            <Button component="a" href={confirmAddress()} size="xs">
              {shell.failed.confirm}
            </Button>
          ) : null}
          {answer?.code === 'wrong-account' ? (
            <Button component="a" href="/sign-in" size="xs">
              {shell.failed.wrongAccount}
            </Button>
          ) : null}
          {again === undefined || answer?.code === 'proof-needed' ? null : (
            <Button onClick={again} size="xs" variant="default">
              {shell.failed.again}
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}

/** Empty state: says what will appear here and how. */
export function Empty({
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
