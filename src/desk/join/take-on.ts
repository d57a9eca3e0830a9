import { type AccountId, sha256 } from '../../kernel/index.ts';
import { jobsOf, keepJob, type Session } from '../../people/index.ts';
import { appointAdministrator } from '../administration/administrators.ts';
import type { OfficeDeps } from '../deps.ts';
import { keepUser, type StaffInvitation, useInvitation } from '../invitations/store.ts';
import { Refused, refusalOf } from './refused.ts';

/**
 * Accepts an invitation with the existing account of a staff member who signed in with a second factor. The statement
 * that redeems the invitation also checks that it is valid.
 * @returns `over` when the invitation is no longer valid; `there` when the person already works there, in which case
 * the invitation stays valid
 */
export async function takeOn(
  deps: Pick<OfficeDeps, 'db' | 'clock' | 'audit'>,
  { token, requestId }: { readonly token: string; readonly requestId: string },
  { accountId }: Pick<Session, 'accountId'>,
  invitation: StaffInvitation,
): Promise<AccountId | 'over' | 'there'> {
  const { invitationId, kind, practice, roles, practitionerId } = invitation;
  return deps.db
    .transaction(async (tx) => {
      if (!(await useInvitation(tx, sha256(token), deps.clock.now()))) throw new Refused('over');
      if (practice === undefined) await appointAdministrator(tx, accountId);
      else {
        const { practiceId } = practice;
        if ((await jobsOf(tx, accountId)).some((job) => job.practiceId === practiceId)) throw new Refused('there');
        await keepJob(tx, { accountId, practiceId, roles, practitionerId });
      }
      await keepUser(tx, invitationId, accountId);
      const detail = { action: 'take-on', as: kind, practice: practice?.practiceId, roles, invitation: invitationId };
      await deps.audit.recordWithin(tx, { kind: 'staff', outcome: 'success', requestId, accountId, detail });
      return accountId;
    })
    .catch(refusalOf<'over' | 'there'>);
}
