import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';

/** Includes declined invitations, which would become valid again if the person changed their mind. */
const cancelSince = statement(
  'enrollment.invitations.cancel-since',
  { invitation_id: 'uuid' },
  `update invitation set cancelled_at = $1
   where record_id = $2 and created_at >= $3 and kind in ('patient', 'representative')
     and used_at is null and cancelled_at is null and expires_at > $1 returning invitation_id`,
);

/**
 * Cancels the invitations that were created for a record since an instant, for a record that contained two patients'
 * data for a while.
 * @returns ids of the canceled invitations
 */
export const cancelInvitationsSince = async (
  tx: Executor,
  { recordId, since, at }: { readonly recordId: RecordId; readonly since: Date; readonly at: Date },
): Promise<readonly string[]> =>
  (await tx.query(cancelSince, [at, recordId, since])).map(({ invitation_id }) => invitation_id);
