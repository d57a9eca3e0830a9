import { type Executor, statement } from '../../database/index.ts';
import { lockRecordEnrollment } from '../invitation/enrollment-status.ts';
import { OPEN_INVITATION } from '../invitation/open-invitation.ts';
import type { EnrollmentPageDeps } from './deps.ts';
import type { OpenedInvitation } from './opened-invitation.ts';

const decline = statement(
  'enrollment.link.decline',
  { invitation_id: 'uuid' },
  `update invitation i set declined_at = $1, step_hash = null, step_answers = null
   where i.hash = $2 and ${OPEN_INVITATION} returning i.invitation_id`,
);
const undo = statement(
  'enrollment.link.undo',
  { invitation_id: 'uuid' },
  `update invitation i set declined_at = null
   where i.hash = $2 and i.declined_at is not null and i.used_at is null and i.cancelled_at is null and i.expires_at > $1
   returning i.invitation_id`,
);
const insertDeclined = statement(
  'enrollment.link.keep-declined',
  {},
  `insert into enrollment_declined (record_id, practice_id, at, reason) values ($1, $2, $3, $4)
   on conflict (record_id) do nothing`,
);
const deleteDeclined = statement(
  'enrollment.link.forget-declined',
  {},
  'delete from enrollment_declined where record_id = $1',
);

/** Reason that is stored if the patient declines with the invitation. Staff see it in the practice portal. */
const REASON = 'Declined on the invitation page';

/**
 * Records that the person with the invitation declined it, because they don't want an account or aren't the invited
 * person. The person can undo the decision until the invitation expires.
 */
export async function declineInvitation(
  deps: EnrollmentPageDeps,
  opened: OpenedInvitation,
  requestId: string,
): Promise<void> {
  const now = deps.clock.now();
  const { recordId, practiceId, kind } = opened.invitation;
  await deps.db.transaction(async (tx) => {
    await lockRecordEnrollment(tx, recordId);
    if ((await tx.query(decline, [now, opened.hash])).length === 0) return;
    if (kind === 'patient') await tx.query(insertDeclined, [recordId, practiceId, now, REASON]);
    await recordEvent(tx, deps, opened, { requestId, action: 'decline-by-link' });
  });
}

/** Makes an invitation valid again that the person declined with `declineInvitation`. */
export async function undoDecline(
  deps: EnrollmentPageDeps,
  opened: OpenedInvitation,
  requestId: string,
): Promise<void> {
  const { recordId, kind } = opened.invitation;
  await deps.db.transaction(async (tx) => {
    await lockRecordEnrollment(tx, recordId);
    if ((await tx.query(undo, [deps.clock.now(), opened.hash])).length === 0) return;
    if (kind === 'patient') await tx.query(deleteDeclined, [recordId]);
    await recordEvent(tx, deps, opened, { requestId, action: 'undo-decline-by-link' });
  });
}

const recordEvent = (
  tx: Executor,
  { audit }: EnrollmentPageDeps,
  { invitation }: OpenedInvitation,
  { requestId, action }: { readonly requestId: string; readonly action: string },
) =>
  audit.appendInTransaction(tx, {
    kind: 'enrollment',
    outcome: 'success',
    requestId,
    recordId: invitation.recordId,
    detail: { action, invitation: invitation.invitationId },
  });
