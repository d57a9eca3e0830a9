import type { Executor } from '../../database/index.ts';
import { recordStaffInvitationRedeemer, redeemStaffInvitation, type StaffInvitation } from '../../enrollment/index.ts';
import type { Language } from '../../i18n/index.ts';
import {
  appointAdministrator,
  createStaffAccount,
  findProfileByUsername,
  normalizeUsername,
} from '../../identity/index.ts';
import { type AccountId, sha256 } from '../../kernel/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { JoinError, joinErrorReason } from './join-error.ts';

export interface NewStaffAccount {
  readonly username: string;
  readonly password: string;
  readonly displayName: string;
  /** Language of the emails to the person: the one in which they read the invitation. */
  readonly language: Language;
}

/**
 * Redeems the invitation and creates the account in one transaction. The statement that redeems the invitation also
 * checks that the invitation is valid.
 * @returns `over` if the invitation is no longer valid, `taken` if the username is in use
 */
export async function createInvitedAccount(
  deps: Pick<PracticeAdminDeps, 'db' | 'clock' | 'random' | 'audit' | 'passwordCost'>,
  { token, requestId }: { readonly token: string; readonly requestId: string },
  invitation: StaffInvitation,
  newAccount: NewStaffAccount,
): Promise<AccountId | 'over' | 'taken'> {
  return deps.db
    .transaction(async (tx) => {
      if (!(await redeemStaffInvitation(tx, sha256(token), deps.clock.now()))) throw new JoinError('over');
      const accountId = await insertAccount(tx, deps, invitation, newAccount);
      if (accountId === undefined) throw new JoinError('taken');
      if (invitation.kind === 'administrator') await appointAdministrator(tx, accountId);
      await recordStaffInvitationRedeemer(tx, invitation.invitationId, accountId);
      const { kind, practice, roles } = invitation;
      const detail = {
        action: 'add',
        as: kind,
        practice: practice?.practiceId,
        roles,
        invitation: invitation.invitationId,
      };
      await deps.audit.appendInTransaction(tx, { kind: 'account', outcome: 'success', requestId, accountId, detail });
      return accountId;
    })
    .catch(joinErrorReason<'over' | 'taken'>);
}

async function insertAccount(
  tx: Executor,
  deps: Pick<PracticeAdminDeps, 'clock' | 'random' | 'passwordCost'>,
  { practice, roles, practitionerId, email }: StaffInvitation,
  newAccount: NewStaffAccount,
): Promise<AccountId | undefined> {
  const practices = practice === undefined ? [] : [{ practiceId: practice.practiceId, practitionerId, roles }];
  const account = { ...newAccount, published: false, practices };
  const created = await createStaffAccount(tx, deps, { ...account, email });
  if (created !== undefined || email === undefined) return created;
  // The email address may belong to the staff member's own patient account. The patient account then keeps the address,
  // and the staff account is created without one.
  const isTaken = (await findProfileByUsername(tx, normalizeUsername(newAccount.username))) !== undefined;
  return isTaken ? undefined : createStaffAccount(tx, deps, account);
}
