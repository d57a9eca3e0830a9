import { Alert, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type {
  ApprovalDecisionResponse,
  ApprovalResponse,
  ApprovalsResponse,
} from '../../../src/portal-api/contract/approvals.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { ConfirmedIdentity } from '../../shell/confirm-identity.tsx';
import { Dialog } from '../../shell/dialog.tsx';
import { FormActions } from '../../shell/form-actions.tsx';
import { Page } from '../../shell/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { type ApprovalChoice, DecidedCard, PendingCard } from './request-card.tsx';

const CHOICES: readonly ApprovalChoice[] = ['approve', 'reject', 'withdraw'];

/**
 * Page where an administrator decides about what another administrator asked for. `?approve=`, `?reject=` or
 * `?withdraw=` opens the dialog of one request.
 */
export default function ApprovalsPage() {
  const { approvals: messages } = useAdminMessages();
  const { search, choose } = useAddress();
  const [done, setDone] = useState<ApprovalDecisionResponse['outcome']>();
  const { data, error, refetch } = useQuery({
    queryKey: ['approvals'],
    queryFn: () => api<ApprovalsResponse>('GET', '/review/approvals'),
  });
  const close = (): void => choose({ approve: null, reject: null, withdraw: null });
  const pending = data?.approvals.filter(({ state }) => state === 'pending') ?? [];
  const recent = data?.approvals.filter(({ state }) => state !== 'pending') ?? [];
  const choice = CHOICES.find((one) => search.get(one) !== null);
  const chosen = pending.find(({ approvalId }) => choice !== undefined && approvalId === search.get(choice));
  return (
    <Page title={messages.title} lead={messages.lead}>
      <div aria-live="polite">
        {done === undefined ? null : (
          <Alert variant="light" color="success">
            {messages.done[done]}
          </Alert>
        )}
      </div>
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Loading /> : null}
      {data?.onlyAdministrator === true ? <Alert variant="light">{messages.only}</Alert> : null}
      {data === undefined ? null : pending.length === 0 ? (
        <EmptyState {...messages.none} />
      ) : (
        <Section title={messages.pending}>
          {pending.map((request) => (
            <PendingCard
              key={request.approvalId}
              of={request}
              choose={(to) => {
                setDone(undefined);
                choose({ [to]: request.approvalId });
              }}
            />
          ))}
        </Section>
      )}
      {recent.length === 0 ? null : (
        <Section title={messages.recent}>
          {recent.map((request) => (
            <DecidedCard key={request.approvalId} of={request} />
          ))}
        </Section>
      )}
      {choice === undefined || chosen === undefined ? null : (
        <DecisionDialog
          request={chosen}
          choice={choice}
          close={close}
          done={(outcome) => {
            setDone(outcome);
            close();
          }}
        />
      )}
    </Page>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <Stack gap="xs">
      <Title order={2} size="h3">
        {title}
      </Title>
      <Stack gap="xs" role="list">
        {children}
      </Stack>
    </Stack>
  );
}

/** Dialog that explains a decision about a request and submits it. */
function DecisionDialog({
  request,
  choice,
  close,
  done,
}: {
  readonly request: ApprovalResponse;
  readonly choice: ApprovalChoice;
  readonly close: () => void;
  readonly done: (outcome: ApprovalDecisionResponse['outcome']) => void;
}) {
  const { approvals: messages } = useAdminMessages();
  const client = useQueryClient();
  const { approvalId, action, subject, reason, digest } = request;
  const deciding = useMutation({
    mutationFn: () =>
      api<ApprovalDecisionResponse>(
        'POST',
        `/review/approvals/${approvalId}/${choice === 'approve' ? 'approve' : 'reject'}`,
        choice === 'approve' ? { digest } : undefined,
      ),
    // An approved action may have changed anything that the pages show.
    async onSuccess({ outcome }) {
      await client.invalidateQueries();
      done(outcome);
    },
  });
  const { title, text, button } = messages.confirm[choice];
  return (
    <Dialog opened onClose={close} title={title}>
      <ConfirmedIdentity onCancel={close}>
        <Stack gap="md">
          <Stack gap={4}>
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {messages.actions[action](subject)}
            </Text>
            <Text size="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
              {reason === '' ? messages.noReason : `${messages.reason}: ${reason}`}
            </Text>
          </Stack>
          <Text>{text}</Text>
          <FormActions
            action={deciding}
            label={button}
            onCancel={close}
            onConfirm={() => deciding.mutate()}
            isDangerous={choice === 'approve'}
          />
        </Stack>
      </ConfirmedIdentity>
    </Dialog>
  );
}
