import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type {
  AppReviewResponse,
  DecisionResponse,
  ReviewAction,
  ReviewQueueResponse,
} from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { api } from '../../shell/api.ts';
import { useListParams } from '../../shell/list/use-list-params.ts';
import { PendingNotice } from '../approvals/pending-notice.tsx';
import classes from './app.module.css';
import { DecisionDialog } from './decision-dialog.tsx';
import { Section } from './section.tsx';

const DESTRUCTIVE_ACTIONS: readonly ReviewAction[] = ['reject', 'suspend', 'retire'];

/**
 * Shows the decisions that are possible for an app in its current state, and the result of the last one. The open
 * dialog is stored in the URL.
 */
export function Decision({ review }: { readonly review: AppReviewResponse }) {
  const { decide } = useAdminMessages().review;
  const { params, setParam } = useListParams();
  const [done, setDone] = useState<DecisionResponse>();
  const open = review.actions.find((action) => action === params.get('decide'));
  return (
    <Section id="decide" title={decide.title}>
      <div aria-live="polite" className={classes['live']}>
        {done === undefined ? null : <DecisionResult done={done} review={review} />}
      </div>
      <Rules review={review} />
      {review.actions.length === 0 ? <Text size="sm">{decide.nothingToDecide}</Text> : null}
      <Group gap="xs">
        {review.actions.map((action) => (
          <Button
            key={action}
            variant={buttonVariant(action, review.actions)}
            {...(DESTRUCTIVE_ACTIONS.includes(action) ? { color: 'danger' } : {})}
            onClick={() => setParam('decide', action)}
          >
            {decide.actions[action]}
          </Button>
        ))}
      </Group>
      {open === undefined ? null : (
        <DecisionDialog
          review={review}
          action={open}
          close={() => setParam('decide', null)}
          done={(response) => {
            setDone(response);
            setParam('decide', null);
          }}
        />
      )}
    </Section>
  );
}

/** Fills the button of the next step: verifying the developer before approving the version. */
function buttonVariant(action: ReviewAction, possible: readonly ReviewAction[]): 'filled' | 'outline' | 'default' {
  if (DESTRUCTIVE_ACTIONS.includes(action)) return 'outline';
  if (action === 'ask') return 'default';
  return action === 'approve' && possible.includes('verify') ? 'outline' : 'filled';
}

/** Says what the decision did, and leads to the next app that waits for one. */
function DecisionResult({ done, review }: { readonly done: DecisionResponse; readonly review: AppReviewResponse }) {
  const { decide } = useAdminMessages().review;
  const { organisation } = review.app;
  const { outcome, endedTokens, approval } = done;
  const text =
    outcome === 'suspended'
      ? decide.suspended(endedTokens)
      : outcome === 'retired'
        ? decide.retired(endedTokens)
        : decide.done[outcome];
  if (approval !== null) return <PendingNotice of={approval} />;
  return (
    <Alert variant="light" color="success" role="status">
      <Stack gap="sm">
        <Text size="sm">{text}</Text>
        {outcome === 'verified' && organisation?.verifiedAt === null ? (
          <Text size="sm">
            {decide.identityOpen(organisation.name)}{' '}
            <Anchor
              component={Link}
              to={`/review/organisations?${new URLSearchParams({ text: organisation.name, decide: organisation.organisationId })}`}
              size="sm"
              underline="always"
            >
              {decide.verifyIdentity}
            </Anchor>
          </Text>
        ) : null}
        <NextSteps app={review.app} />
      </Stack>
    </Alert>
  );
}

/** Links to the most urgent other app in the review queue, and back to the queue. */
function NextSteps({ app: { clientId, open } }: Pick<AppReviewResponse, 'app'>) {
  const { decide } = useAdminMessages().review;
  const { data } = useQuery({
    queryKey: ['review', 'queue', 'next'],
    queryFn: () => api<ReviewQueueResponse>('GET', '/review/queue?limit=2'),
  });
  const next = data?.items.find((item) => item.clientId !== clientId);
  return (
    <Group gap="xs">
      {next === undefined ? null : (
        <Button
          component={Link}
          to={`/review/apps/${encodeURIComponent(next.clientId)}`}
          // While this app still waits for a decision, that is the next step.
          variant={open === null ? 'filled' : 'default'}
          size="xs"
        >
          {decide.nextApp(next.open.terms.name)}
        </Button>
      )}
      <Button component={Link} to="/review" variant="default" size="xs">
        {decide.backToQueue}
      </Button>
      {data !== undefined && next === undefined ? <Text size="sm">{decide.nothingLeft}</Text> : null}
    </Group>
  );
}

/** Shows the rules of the decisions that are possible now. After a decision, those that no longer apply are gone. */
function Rules({ review }: { readonly review: AppReviewResponse }) {
  const { decide } = useAdminMessages().review;
  const { needsTwo, localOnly, approvedFirstBy, approvedFirstByYou, app } = review;
  const [mayApprove, mayReject] = (['approve', 'reject'] as const).map((action) => review.actions.includes(action));
  const { day } = useDates();
  const verifiedAt = app.clock?.step === 'verify' ? (app.organisation?.verifiedAt ?? null) : null;
  return (
    <Stack gap="xs">
      {verifiedAt === null ? null : (
        <Alert variant="light" icon={<IconInfoCircle aria-hidden />} p="sm">
          {decide.verifiedOrganisation(day(verifiedAt))}
        </Alert>
      )}
      {app.kind === 'patient' && mayReject ? (
        <Alert variant="light" icon={<IconInfoCircle aria-hidden />} p="sm">
          {decide.patientRule}
        </Alert>
      ) : null}
      {localOnly && mayApprove ? (
        <Alert variant="light" color="warning" icon={<IconAlertTriangle aria-hidden />} p="sm">
          {decide.localOnly}
        </Alert>
      ) : null}
      {needsTwo && (mayApprove || approvedFirstByYou) ? (
        <Alert variant="light" icon={<IconUsers aria-hidden />} p="sm">
          {decide.twoRule}{' '}
          {approvedFirstByYou ? decide.firstByYou : approvedFirstBy === null ? null : decide.firstBy(approvedFirstBy)}
        </Alert>
      ) : null}
    </Stack>
  );
}
