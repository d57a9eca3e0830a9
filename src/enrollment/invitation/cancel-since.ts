import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';

/**
 * Cancels unused invitations, including declined ones, because a declined invitation would become valid again if the
 * person undid the decision.
 */
const cancelSince = statement(
  'enrollment.invitations.cancel-since',
  { invitation_id: 'uuid' },
  `update invitation set cancelled_at = $1
   where record_id = $2 and created_at >= $3 and kind in ('patient', 'representative')
     and used_at is null and cancelled_at is null and expires_at > $1 returning invitation_id`,
);

/**
 * Cancels the unused invitations that were created for a record at or after an instant. It is called for a record that
 * contained two patients' data since then, because it is unclear which of the two was invited.
 * @returns ids of the canceled invitations
 */
export const cancelInvitationsSince = async (
  tx: Executor,
  { recordId, since, at }: { readonly recordId: RecordId; readonly since: Date; readonly at: Date },
): Promise<readonly string[]> =>
  (await tx.query(cancelSince, [at, recordId, since])).map(({ invitation_id }) => invitation_id);
