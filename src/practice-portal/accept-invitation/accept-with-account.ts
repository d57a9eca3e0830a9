import { recordStaffInvitationRedeemer, redeemStaffInvitation, type StaffInvitation } from '../../enrollment/index.ts';
import { appointAdministrator, listStaffPositions, type Session, saveStaffPosition } from '../../identity/index.ts';
import { type AccountId, sha256 } from '../../kernel/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { JoinError, joinErrorReason } from './join-error.ts';

/**
 * Accepts an invitation with the existing account of a staff member who signed in with a second factor. The statement
 * that redeems the invitation also checks that the invitation is valid.
 * @returns `over` if the invitation is no longer valid; `there` if the person already works at the practice, in which
 * case the invitation stays valid
 */
export async function acceptInvitation(
  deps: Pick<PracticeAdminDeps, 'db' | 'clock' | 'audit'>,
  { token, requestId }: { readonly token: string; readonly requestId: string },
  { accountId }: Pick<Session, 'accountId'>,
  invitation: StaffInvitation,
): Promise<AccountId | 'over' | 'there'> {
  const { invitationId, kind, practice, roles, practitionerId } = invitation;
  return deps.db
    .transaction(async (tx) => {
      if (!(await redeemStaffInvitation(tx, sha256(token), deps.clock.now()))) throw new JoinError('over');
      if (practice === undefined) await appointAdministrator(tx, accountId);
      else {
        const { practiceId } = practice;
        if ((await listStaffPositions(tx, accountId)).some((job) => job.practiceId === practiceId))
          throw new JoinError('there');
        await saveStaffPosition(tx, { accountId, practiceId, roles, practitionerId });
      }
      await recordStaffInvitationRedeemer(tx, invitationId, accountId);
      const detail = { action: 'take-on', as: kind, practice: practice?.practiceId, roles, invitation: invitationId };
      await deps.audit.appendInTransaction(tx, { kind: 'staff', outcome: 'success', requestId, accountId, detail });
      return accountId;
    })
    .catch(joinErrorReason<'over' | 'there'>);
}
