import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';

/** Also those that were declined: they would be good again if the person thought better of it. */
const cancelSince = statement(
  'enrollment.invitations.cancel-since',
  { invitation_id: 'uuid' },
  `update invitation set cancelled_at = $1
   where record_id = $2 and created_at >= $3 and kind in ('patient', 'representative')
     and used_at is null and cancelled_at is null and expires_at > $1 returning invitation_id`,
);

/**
 * Who was invited to a record since an instant can't come in by that any more: for a while it was two patients' in one.
 * @returns ids of the invitations
 */
export const cancelInvitationsSince = async (
  tx: Executor,
  { recordId, since, at }: { readonly recordId: RecordId; readonly since: Date; readonly at: Date },
): Promise<readonly string[]> =>
  (await tx.query(cancelSince, [at, recordId, since])).map(({ invitation_id }) => invitation_id);
