import type { Executor } from '../../database/index.ts';
import { type AccountId, sha256 } from '../../kernel/index.ts';
import { addStaff, findPersonByUsername, foldUsername } from '../../people/index.ts';
import { appointAdministrator } from '../administration/administrators.ts';
import type { OfficeDeps } from '../deps.ts';
import { keepUser, type StaffInvitation, useInvitation } from '../invitations/store.ts';
import { Refused, refusalOf } from './refused.ts';

export interface WantedAccount {
  readonly username: string;
  readonly password: string;
  readonly displayName: string;
}

/**
 * Redeems the invitation and creates the account in one transaction. The statement that redeems the invitation also
 * checks that it is valid.
 * @returns `over` when the invitation is no longer valid, `taken` when the username is in use
 */
export async function makeAccount(
  deps: Pick<OfficeDeps, 'db' | 'clock' | 'random' | 'audit' | 'passwordCost'>,
  { token, requestId }: { readonly token: string; readonly requestId: string },
  invitation: StaffInvitation,
  newAccount: WantedAccount,
): Promise<AccountId | 'over' | 'taken'> {
  return deps.db
    .transaction(async (tx) => {
      if (!(await useInvitation(tx, sha256(token), deps.clock.now()))) throw new Refused('over');
      const accountId = await addAccount(tx, deps, invitation, newAccount);
      if (accountId === undefined) throw new Refused('taken');
      if (invitation.kind === 'administrator') await appointAdministrator(tx, accountId);
      await keepUser(tx, invitation.invitationId, accountId);
      const { kind, practice, roles } = invitation;
      const detail = {
        action: 'add',
        as: kind,
        practice: practice?.practiceId,
        roles,
        invitation: invitation.invitationId,
      };
      await deps.audit.recordWithin(tx, { kind: 'account', outcome: 'success', requestId, accountId, detail });
      return accountId;
    })
    .catch(refusalOf<'over' | 'taken'>);
}

async function addAccount(
  tx: Executor,
  deps: Pick<OfficeDeps, 'clock' | 'random' | 'passwordCost'>,
  { practice, roles, practitionerId, email }: StaffInvitation,
  newAccount: WantedAccount,
): Promise<AccountId | undefined> {
  const practices = practice === undefined ? [] : [{ practiceId: practice.practiceId, practitionerId, roles }];
  const account = { ...newAccount, published: false, practices };
  const created = await addStaff(tx, deps, { ...account, email });
  if (created !== undefined || email === undefined) return created;
  // The address may belong to the staff member's own patient account, which keeps it. The staff account is then created
  // without an address.
  const isTaken = (await findPersonByUsername(tx, foldUsername(newAccount.username))) !== undefined;
  return isTaken ? undefined : addStaff(tx, deps, account);
}
