import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import type { AppReviewResponse, DecisionResponse, ReviewAction } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { useListParams } from '../../shell/list/use-list-params.ts';
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
        {done === undefined ? null : <DecisionResult done={done} />}
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

function DecisionResult({ done }: { readonly done: DecisionResponse }) {
  const { decide } = useAdminMessages().review;
  const { outcome, endedTokens } = done;
  const text =
    outcome === 'suspended'
      ? decide.suspended(endedTokens)
      : outcome === 'retired'
        ? decide.retired(endedTokens)
        : decide.done[outcome];
  return (
    <Alert variant="light" color="success" role="status">
      {text}
    </Alert>
  );
}

/** Shows the rules that apply to a decision about the app, before the administrator makes the decision. */
function Rules({ review }: { readonly review: AppReviewResponse }) {
  const { decide } = useAdminMessages().review;
  const { needsTwo, localOnly, approvedFirstBy, approvedFirstByYou, app } = review;
  const { day } = useDates();
  const verifiedAt = app.clock?.step === 'verify' ? (app.organisation?.verifiedAt ?? null) : null;
  return (
    <Stack gap="xs">
      {verifiedAt === null ? null : (
        <Alert variant="light" icon={<IconInfoCircle aria-hidden />} p="sm">
          {decide.verifiedOrganisation(day(verifiedAt))}
        </Alert>
      )}
      {app.kind === 'patient' && app.state !== 'retired' ? (
        <Alert variant="light" icon={<IconInfoCircle aria-hidden />} p="sm">
          {decide.patientRule}
        </Alert>
      ) : null}
      {localOnly ? (
        <Alert variant="light" color="warning" icon={<IconAlertTriangle aria-hidden />} p="sm">
          {decide.localOnly}
        </Alert>
      ) : null}
      {needsTwo ? (
        <Alert variant="light" icon={<IconUsers aria-hidden />} p="sm">
          {decide.twoRule}{' '}
          {approvedFirstByYou ? decide.firstByYou : approvedFirstBy === null ? null : decide.firstBy(approvedFirstBy)}
        </Alert>
      ) : null}
    </Stack>
  );
}
