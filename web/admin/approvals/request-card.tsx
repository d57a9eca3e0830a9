import { Anchor, Badge, Button, Card, Group, Stack, Text } from '@mantine/core';
import type { ApprovalResponse } from '../../../src/portal-api/contract/approvals.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';

/** The decisions that an administrator can make about a request. */
export type ApprovalChoice = 'approve' | 'reject' | 'withdraw';

/** Card of a pending request, with what can be decided about it. */
export function PendingCard({
  of: request,
  choose,
}: {
  readonly of: ApprovalResponse;
  readonly choose: (choice: ApprovalChoice) => void;
}) {
  const { approvals } = useAdminMessages();
  const { minute } = useDates();
  const at = minute(request.requestedAt);
  const choices: readonly ApprovalChoice[] = request.byYou ? ['withdraw'] : ['approve', 'reject'];
  const title = approvals.actions[request.action](request.subject);
  return (
    <Card withBorder padding="md" role="listitem">
      <Stack gap="sm">
        <Facts of={request}>
          <Text size="sm">{request.byYou ? approvals.askedByYou(at) : approvals.askedBy(request.requestedBy, at)}</Text>
          <Text size="sm" c="dimmed">
            {approvals.expires(minute(request.expiresAt))}
          </Text>
        </Facts>
        <Group gap="xs">
          {choices.map((choice) => (
            <Button
              key={choice}
              size="xs"
              variant={choice === 'approve' ? 'filled' : 'default'}
              onClick={() => choose(choice)}
              aria-label={`${approvals[choice]} ${title}`}
            >
              {approvals[choice]}
            </Button>
          ))}
        </Group>
      </Stack>
    </Card>
  );
}

const COLORS = {
  approved: 'success',
  rejected: 'danger',
  withdrawn: 'gray',
  expired: 'gray',
  pending: 'gray',
} as const;

/** Card of a request that was decided or has expired. */
export function DecidedCard({ of: request }: { readonly of: ApprovalResponse }) {
  const { approvals } = useAdminMessages();
  const { minute } = useDates();
  const { state, decidedBy, decidedAt, requestedBy, requestedAt } = request;
  if (state === 'pending') return null;
  return (
    <Card withBorder padding="md" role="listitem">
      <Facts of={request}>
        <Text size="sm">{approvals.askedBy(requestedBy, minute(requestedAt))}</Text>
        <Group gap="xs">
          <Badge color={COLORS[state]} variant="light">
            {approvals.states[state]}
          </Badge>
          {decidedBy === null || decidedAt === null ? null : (
            <Text size="sm">{approvals.decidedBy(decidedBy, minute(decidedAt))}</Text>
          )}
        </Group>
        {request.action === 'erase-record' && state === 'approved' ? (
          <Anchor href={`/api/review/approvals/${request.approvalId}/certificate`} size="sm" download>
            {approvals.certificate}
          </Anchor>
        ) : null}
      </Facts>
    </Card>
  );
}

function Facts({
  of: { action, subject, reason },
  children,
}: {
  readonly of: ApprovalResponse;
  readonly children: React.ReactNode;
}) {
  const { approvals } = useAdminMessages();
  return (
    <Stack gap={4} miw={0}>
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        {approvals.actions[action](subject)}
      </Text>
      <Text size="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
        {reason === '' ? approvals.noReason : `${approvals.reason}: ${reason}`}
      </Text>
      {children}
    </Stack>
  );
}
