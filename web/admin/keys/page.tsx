import { Alert, Anchor, Badge, Button, Card, Code, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeyRotationResponse, SigningKeysResponse } from '../../../src/portal-api/contract/operations.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { api } from '../../shell/api.ts';
import { ConfirmedIdentity } from '../../shell/confirm-identity.tsx';
import { Dialog } from '../../shell/dialog.tsx';
import { FormActions } from '../../shell/form-actions.tsx';
import { Page } from '../../shell/page.tsx';
import { ErrorState, Loading } from '../../shell/page-states.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { PendingNotice } from '../approvals/pending-notice.tsx';
import { ReasonField, SecondAdministratorNote } from '../approvals/reason-field.tsx';

/** Page with the keys that sign id_tokens, on which administrators rotate them. */
export default function KeysPage() {
  const messages = useAdminMessages().operations.keys;
  const { data, error, refetch } = useQuery({
    queryKey: ['keys'],
    queryFn: () => api<SigningKeysResponse>('GET', '/review/keys'),
  });
  return (
    <Page title={messages.title}>
      {data === undefined ? null : (
        <Text maw={720} c="dimmed">
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

const COLORS = { signs: 'success', next: 'accent', kept: 'gray', over: 'gray' } as const;

function Key({ of: { kid, alg, activeFrom, standing } }: { readonly of: SigningKeysResponse['keys'][number] }) {
  const { keys } = useAdminMessages().operations;
  const { minute } = useDates();
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
          {keys.from}: {minute(activeFrom)}
        </Text>
      </Group>
      <Code block mt="xs" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {kid}
      </Code>
    </Card>
  );
}

/** Dialog that explains the effects of a key rotation before it starts one. It is open while `?rotate=` says so. */
function Rotation() {
  const { keys } = useAdminMessages().operations;
  const { search, choose } = useAddress();
  const confirming = (['rotate', 'leaked'] as const).find((one) => one === search.get('rotate'));
  const close = (): void => choose({ rotate: null });
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const rotation = useMutation({
    mutationFn: (leaked: boolean) => api<KeyRotationResponse>('POST', '/review/keys/rotations', { leaked, reason }),
    onSuccess() {
      close();
      setReason('');
      return client.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  const { data } = rotation;
  return (
    <Stack gap="xs">
      <Group>
        <Button onClick={() => choose({ rotate: 'rotate' })}>{keys.rotate}</Button>
        <Button color="danger" variant="outline" onClick={() => choose({ rotate: 'leaked' })}>
          {keys.leaked}
        </Button>
      </Group>
      <div aria-live="polite">
        {data === undefined ? null : data.approval !== null ? (
          <PendingNotice of={data.approval} />
        ) : (
          <Alert color="success">
            {keys.createdCount(data.made.length)}{' '}
            {data.discarded.length > 0 ? keys.removedCount(data.discarded.length) : ''}
          </Alert>
        )}
      </div>
      <Dialog
        opened={confirming !== undefined}
        onClose={close}
        title={confirming === 'leaked' ? keys.leaked : keys.rotate}
      >
        <ConfirmedIdentity onCancel={close}>
          <Stack gap="md">
            <Text>{confirming === 'leaked' ? keys.leakedText : keys.rotateText}</Text>
            <ReasonField reason={reason} setReason={setReason} />
            <SecondAdministratorNote waits={confirming !== 'leaked'} />
            <FormActions
              action={rotation}
              label={keys.rotate}
              onCancel={close}
              onConfirm={() => rotation.mutate(confirming === 'leaked')}
              isDangerous={confirming === 'leaked'}
            />
          </Stack>
        </ConfirmedIdentity>
      </Dialog>
    </Stack>
  );
}
