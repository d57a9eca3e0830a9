import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../../i18n/index.ts';

/** Form that asks for the client secret of a confidential app and passes it on. It stores the secret nowhere. */
export function SecretForm({
  name,
  go,
  label,
  busy = false,
}: {
  readonly name: string;
  readonly go: (secret: string) => void;
  readonly label: string;
  readonly busy?: boolean;
}) {
  const { ownApp: messages } = useMessages().explorer;
  const [secret, setSecret] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (secret.trim() !== '') go(secret.trim());
      }}
    >
      <Text size="sm" mb="xs">
        {messages.secretNote}
      </Text>
      <Group gap="sm" align="flex-end">
        <TextInput
          type="password"
          label={messages.secret(name)}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          maw={420}
          flex="1 1 240px"
        />
        <Button type="submit" loading={busy}>
          {label}
        </Button>
      </Group>
    </form>
  );
}
