import { Alert, Checkbox, Radio, Stack, Text, Textarea } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppReviewResponse, DecisionResponse, ReviewAction } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { ConfirmedIdentity } from '../../shell/confirm-identity.tsx';
import { Dialog } from '../../shell/dialog.tsx';
import { FormActions } from '../../shell/form-actions.tsx';
import { useSession } from '../../shell/session.ts';
import { ReasonField as OptionalReasonField, SecondAdministratorNote } from '../approvals/reason-field.tsx';
import { useStoredText } from './use-stored-text.ts';

type ActionWithGround = keyof AppReviewResponse['grounds'];
const hasGrounds = (action: ReviewAction): action is ActionWithGround =>
  ['reject', 'suspend', 'retire'].includes(action);

/** Decisions that all administrators hear of. */
const ANNOUNCED: readonly ReviewAction[] = ['suspend', 'resume', 'retire'];

/** Dialog that explains a decision about an app, asks for the required input and submits the decision. */
export function DecisionDialog({
  review,
  action,
  close,
  done,
}: {
  readonly review: AppReviewResponse;
  readonly action: ReviewAction;
  readonly close: () => void;
  readonly done: (response: DecisionResponse) => void;
}) {
  const { review: messages } = useAdminMessages();
  const { decide } = messages;
  const form = useDecision(review, action);
  const client = useQueryClient();
  const deciding = useMutation({
    mutationFn: () =>
      api<DecisionResponse>('POST', `/review/apps/${encodeURIComponent(review.app.clientId)}/${action}`, form.body),
    // Reloads which decisions are possible now, and only then shows the success message.
    async onSuccess(response) {
      form.forget();
      await client.invalidateQueries({ queryKey: ['review'] });
      done(response);
    },
    // Reloads the app, because another administrator may have made a decision that rules out this one.
    onError: () => client.invalidateQueries({ queryKey: ['review'] }),
  });
  const grave = hasGrounds(action);
  const isMadeUp = useSession().person?.sandboxAdministrator === true;
  return (
    <Dialog
      opened
      onClose={close}
      title={`${decide.buttons[action]}: ${review.app.open?.terms.name ?? review.app.name}`}
      size="lg"
    >
      <ConfirmedIdentity onCancel={close}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            deciding.mutate();
          }}
        >
          <Stack gap="md">
            <Text>{decide.consequences[resultingAction(review, action)]}</Text>
            <NotificationNote review={review} action={action} />
            {action === 'approve' && review.localOnly ? (
              <Alert variant="light" color="warning" icon={<IconAlertTriangle aria-hidden />} p="sm">
                {decide.localOnly}
              </Alert>
            ) : null}
            {form.fields}
            {isMadeUp || !ANNOUNCED.includes(action) ? null : <SecondAdministratorNote waits={action !== 'suspend'} />}
            <FormActions
              action={deciding}
              label={decide.buttons[action]}
              onCancel={close}
              isDangerous={grave}
              disabled={!form.ready}
            />
          </Stack>
        </form>
      </ConfirmedIdentity>
    </Dialog>
  );
}

function resultingAction(review: AppReviewResponse, action: ReviewAction) {
  const isChange = review.approved !== null;
  if (action === 'approve') {
    if (review.needsTwo && review.approvedFirstBy === null) return 'approveFirst';
    return isChange ? 'approveChange' : 'approve';
  }
  return action === 'reject' && isChange ? 'rejectChange' : action;
}

/**
 * Says who will get an email about the decision. The first of two approvals sends no email: developers see it in the
 * app's history.
 */
function NotificationNote({ review, action }: { readonly review: AppReviewResponse; readonly action: ReviewAction }) {
  const { notifications } = useAdminMessages().review.decide;
  const isMadeUp = useSession().person?.sandboxAdministrator === true;
  const { registeredBy } = review.app;
  if (resultingAction(review, action) === 'approveFirst') return null;
  if (registeredBy !== 'developer' && registeredBy !== 'itself') return <Text>{notifications.nobody}</Text>;
  const how = action === 'ask' ? 'ask' : hasGrounds(action) ? 'why' : 'plain';
  const recipient = isMadeUp && registeredBy === 'developer' ? 'madeUp' : registeredBy;
  return <Text>{notifications[recipient][how]}</Text>;
}

interface DecisionForm {
  readonly fields: React.ReactNode;
  readonly body: object;
  readonly ready: boolean;
  forget(): void;
}

function useDecision(review: AppReviewResponse, action: ReviewAction): DecisionForm {
  const { decide } = useAdminMessages().review;
  const { clientId, open, organisation, openLogoVersion, registeredBy } = review.app;
  const isRead = registeredBy === 'developer' || registeredBy === 'itself';
  const [text, setText, forget] = useStoredText(`${clientId} ${action}`);
  const [ground, setGround] = useState<string>();
  const [maker, setMaker] = useState(false);
  const [practices, setPractices] = useState(() =>
    review.practices.filter(({ chosen }) => chosen).map(({ practiceId }) => String(practiceId)),
  );
  const version = open?.version;
  const written = text.trim() !== '';
  const toVerify = organisation !== null && organisation.verifiedAt === null ? organisation : undefined;
  const verifying =
    toVerify === undefined ? null : (
      <Checkbox
        label={decide.organisation(toVerify.name)}
        checked={maker}
        onChange={({ currentTarget }) => setMaker(currentTarget.checked)}
      />
    );
  const withMaker = maker && toVerify !== undefined ? { organisation: toVerify.name } : {};

  if (hasGrounds(action)) {
    const fields = (
      <>
        <GroundChoice grounds={review.grounds[action]} ground={ground} setGround={setGround} />
        <ReasonField
          label={isRead ? decide.text : decide.textKept}
          hint={decide.textHint}
          text={text}
          setText={setText}
        />
      </>
    );
    const reason = { ground, text };
    const body = action === 'reject' ? { version, ...reason } : reason;
    return { fields, body, ready: ground !== undefined && written, forget };
  }
  if (action === 'ask') {
    const fields = <ReasonField label={decide.question} text={text} setText={setText} />;
    return { fields, body: { version, question: text }, ready: written, forget };
  }
  if (action === 'verify') return { fields: verifying, body: { version, ...withMaker }, ready: true, forget };
  if (action === 'resume') {
    const fields = <OptionalReasonField reason={text} setReason={setText} />;
    return { fields, body: { reason: text }, ready: true, forget };
  }
  const isBackend = review.practices.length > 0;
  const fields = (
    <>
      {isBackend ? <PracticeChoice review={review} chosen={practices} choose={setPractices} /> : null}
      {verifying}
    </>
  );
  const practiceIds = isBackend ? { practiceIds: practices.map(Number) } : {};
  const body = { version, logoVersion: openLogoVersion, ...withMaker, ...practiceIds };
  return { fields, body, ready: !isBackend || practices.length > 0, forget };
}

function GroundChoice({
  grounds,
  ground,
  setGround,
}: {
  readonly grounds: AppReviewResponse['grounds'][ActionWithGround];
  readonly ground: string | undefined;
  readonly setGround: (ground: string) => void;
}) {
  const { decide } = useAdminMessages().review;
  return (
    <Radio.Group label={decide.ground} value={ground ?? null} onChange={setGround} required>
      <Stack gap="xs" mt="xs">
        {grounds.map((one) => (
          <Radio key={one} value={one} label={decide.grounds[one].name} description={decide.grounds[one].text} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function ReasonField({
  label,
  hint,
  text,
  setText,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly text: string;
  readonly setText: (text: string) => void;
}) {
  return (
    <Textarea
      label={label}
      description={hint}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      autosize
      minRows={3}
      maxLength={4000}
      required
    />
  );
}

function PracticeChoice({
  review,
  chosen,
  choose,
}: {
  readonly review: AppReviewResponse;
  readonly chosen: string[];
  readonly choose: (practices: string[]) => void;
}) {
  const { practices } = useAdminMessages().review.app;
  return (
    <Checkbox.Group label={practices.title} description={practices.lead} value={chosen} onChange={choose} required>
      <Stack gap="xs" mt="xs">
        {review.practices.map(({ practiceId, name, kind }) => (
          <Checkbox
            key={practiceId}
            value={String(practiceId)}
            label={`${name} (${practices.kinds[kind as keyof typeof practices.kinds] ?? kind})`}
            disabled={review.approvedFirstBy !== null}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
