import { type Executor, statement } from '../../database/index.ts';
import { isUuid } from '../../kernel/index.ts';

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
