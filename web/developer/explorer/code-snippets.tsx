import { Box, Code, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../../i18n/index.ts';
import { SNIPPET_LANGUAGES, type SnippetLanguage, tokenCommand, toSnippet } from '../snippets/fhir-request.ts';
import { CopyText } from './copy-text.tsx';

/** Names of languages and functions, which are the same in each language of the page. */
const NAMES: Readonly<Record<SnippetLanguage, string>> = { curl: 'curl', fetch: 'fetch', python: 'Python' };

/**
 * Shows the request as code in several languages. A command sets the token as a variable, and the code reads that
 * variable.
 * @param name FHIR version, for screen readers
 * @param fileName name of the file in which the code saves a response that isn't JSON
 */
export function CodeSnippets({
  name,
  url,
  fileName,
  token,
}: {
  readonly name: string;
  readonly url: string;
  readonly fileName: string | undefined;
  readonly token: string | undefined;
}) {
  const { code: messages } = useMessages().explorer;
  const { shell } = useMessages();
  const [language, setLanguage] = useState<SnippetLanguage>('curl');
  const text = toSnippet(language, { url, fileName });
  return (
    <Stack gap="xs" py="xs" miw={0}>
      {token === undefined ? null : (
        <>
          <Text size="sm" fw={500}>
            {messages.setToken}
          </Text>
          <Group gap="xs">
            <Code style={{ overflowWrap: 'anywhere' }}>{tokenCommand(`${token.slice(0, 6)}…`)}</Code>
            <CopyText value={tokenCommand(token)} label={shell.copy} name={messages.copyToken} />
          </Group>
          <Text size="sm" fw={500}>
            {messages.run}
          </Text>
        </>
      )}
      <Group gap="xs">
        <SegmentedControl
          size="xs"
          aria-label={messages.language(name)}
          value={language}
          onChange={(value) => setLanguage(value as SnippetLanguage)}
          data={SNIPPET_LANGUAGES.map((value) => ({ value, label: NAMES[value] }))}
        />
        <CopyText value={text} label={messages.copy(NAMES[language])} />
      </Group>
      <Box component="pre" fz="xs" m={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {text}
      </Box>
      <Text size="sm">{messages.needs[language]}</Text>
    </Stack>
  );
}
