import { Alert, Anchor, Badge, Button, Card, Code, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeyRotationResponse, SigningKeysResponse } from '../../../src/portal-api/contract/operations.ts';
import { useLanguage, useMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { Page } from '../../shell/page.tsx';
import { ErrorState, Loading } from '../../shell/page-states.tsx';

/** Page with the keys that sign id_tokens, on which administrators rotate them. */
export default function KeysPage() {
  const messages = useMessages().operations.keys;
  const { data, error, refetch } = useQuery({
    queryKey: ['keys'],
    queryFn: () => api<SigningKeysResponse>('GET', '/review/keys'),
  });
  return (
    <Page title={messages.title}>
      {data === undefined ? null : (
        <Text maw={720}>
          {messages.lead} <Anchor href={data.jwksUri}>{data.jwksUri}</Anchor>
        </Text>
      )}
      <Rotation />
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Loading /> : null}
      <Stack gap="xs">
        {data?.keys.toReversed().map((key) => (
          <Key key={key.kid} of={key} />
        ))}
      </Stack>
    </Page>
  );
}

const COLORS = { signs: 'green', next: 'blue', kept: 'gray', over: 'gray' } as const;

function Key({ of: { kid, alg, activeFrom, standing } }: { readonly of: SigningKeysResponse['keys'][number] }) {
  const { messages, locale } = useLanguage();
  const { keys } = messages.operations;
  const from = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(
    new Date(activeFrom),
  );
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text fw={600}>{alg}</Text>
          <Badge color={COLORS[standing]} variant={standing === 'signs' ? 'filled' : 'default'}>
            {keys[standing]}
          </Badge>
        </Group>
        <Text size="sm">
          {keys.from}: {from}
        </Text>
      </Group>
      <Code block mt="xs">
        {kid}
      </Code>
    </Card>
  );
}

/** Dialog that explains the effects of a key rotation before it starts one. */
function Rotation() {
  const { keys } = useMessages().operations;
  const { shell } = useMessages();
  const [confirming, setConfirming] = useState<'rotate' | 'leaked' | undefined>();
  const client = useQueryClient();
  const rotation = useMutation({
    mutationFn: (leaked: boolean) => api<KeyRotationResponse>('POST', '/review/keys/rotations', { leaked }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
    onSettled: () => setConfirming(undefined),
  });
  const { data, error } = rotation;
  return (
    <Stack gap="xs">
      <Group>
        <Button onClick={() => setConfirming('rotate')}>{keys.rotate}</Button>
        <Button color="red" variant="outline" onClick={() => setConfirming('leaked')}>
          {keys.leaked}
        </Button>
      </Group>
      <div aria-live="polite">
        {data === undefined ? null : (
          <Alert color="green">
            {keys.createdCount(data.made.length)}{' '}
            {data.discarded.length > 0 ? keys.removedCount(data.discarded.length) : ''}
          </Alert>
        )}
        {error === null ? null : <ErrorState error={error} />}
      </div>
      <Modal
        opened={confirming !== undefined}
        onClose={() => setConfirming(undefined)}
        title={confirming === 'leaked' ? keys.leaked : keys.rotate}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        <Text>{confirming === 'leaked' ? keys.leakedText : keys.rotateText}</Text>
        <Group mt="md" justify="flex-end">
          <Button variant="default" onClick={() => setConfirming(undefined)}>
            {shell.cancel}
          </Button>
          <Button
            color={confirming === 'leaked' ? 'red' : 'indigo'}
            loading={rotation.isPending}
            onClick={() => rotation.mutate(confirming === 'leaked')}
          >
            {keys.rotate}
          </Button>
        </Group>
      </Modal>
    </Stack>
  );
}
