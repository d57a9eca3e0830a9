import { type Executor, statement } from '../../database/index.ts';
import { isUuid, type RecordId } from '../../kernel/index.ts';

const cancel = statement(
  'enrollment.restore.cancel',
  { invitation_id: 'uuid' },
  `update invitation set cancelled_at = $2
   where invitation_id = $1 and used_at is null and cancelled_at is null returning invitation_id`,
);

/**
 * Cancels an invitation of any kind that was used or canceled before the database was restored.
 * @returns whether it would have been valid again
 */
export const cancelUnusedInvitation = async (tx: Executor, invitationId: string, now: Date): Promise<boolean> =>
  isUuid(invitationId) && (await tx.query(cancel, [invitationId, now])).length > 0;

const cancelOfPatient = statement(
  'enrollment.restore.cancel-of-patient',
  { invitation_id: 'uuid' },
  `update invitation set cancelled_at = $2
   where record_id = $1 and kind = 'patient' and used_at is null and cancelled_at is null and created_at <= $3::timestamptz
   returning invitation_id`,
);

/**
 * Cancels the invitations of a patient who declined an account before the database was restored.
 * @param before time of the decision, in ISO 8601; a later invitation stays
 * @returns whether any would have been valid again
 */
export const cancelUnusedInvitationsOfPatient = async (
  tx: Executor,
  { recordId, before, now }: { readonly recordId: RecordId; readonly before: string; readonly now: Date },
): Promise<boolean> => (await tx.query(cancelOfPatient, [recordId, now, before])).length > 0;
