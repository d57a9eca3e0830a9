import type { ActionAuthor, ApprovedAction } from '../../approvals/index.ts';
import type { Executor } from '../../database/index.ts';
import { removeAdministrator } from '../../identity/index.ts';
import { type AccountId, conflictProblem } from '../../kernel/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { inviteAdministrator, queueInvitationEmail, type StaffInvitationLink } from '../invitations/invite.ts';

type InviteDeps = Pick<PracticeAdminDeps, 'clock' | 'random' | 'audit' | 'publicUrl' | 'post' | 'brandName'>;

/** A person to invite as an administrator. Without an email address, the link is handed over in person. */
interface Invitee {
  readonly name: string;
  readonly email: string | null;
}

/** Creates the action that invites an administrator, and emails the link if there is an address. */
export const inviteAdministratorAction = (
  deps: InviteDeps,
): ApprovedAction<Readonly<Record<keyof Invitee, string | null>>, StaffInvitationLink> => ({
  name: 'invite-administrator',
  async run(tx, parameters, actor) {
    const { name, email } = parameters as unknown as Invitee;
    const invited = await inviteAdministrator(tx, deps, actor, { name, email: email ?? undefined });
    const sender = { name: deps.brandName, replyTo: undefined, timeZone: 'UTC' };
    if (email !== null) await queueInvitationEmail(tx, deps.post, sender, { ...invited, name, to: email });
    return invited;
  },
});

/** Creates the action with which an administrator removes another one from the administrators. */
export const removeAdministratorAction = ({
  audit,
}: Pick<PracticeAdminDeps, 'audit'>): ApprovedAction<{ readonly accountId: string }, void> => ({
  name: 'remove-administrator',
  async run(tx, { accountId }, actor) {
    const outcome = await removeFromAdministrators(tx, { audit }, actor, accountId as AccountId);
    if (outcome !== 'done') throw conflictProblem('This person can’t be removed as an administrator any more.');
  },
});

/** Removes an administrator, and appends the audit event if that was possible. */
export async function removeFromAdministrators(
  tx: Executor,
  { audit }: Pick<PracticeAdminDeps, 'audit'>,
  actor: ActionAuthor,
  accountId: AccountId,
): ReturnType<typeof removeAdministrator> {
  const outcome = await removeAdministrator(tx, actor.accountId, accountId);
  const detail = { action: 'remove', as: 'administrator', whom: accountId };
  if (outcome === 'done') await audit.appendInTransaction(tx, { kind: 'staff', outcome: 'success', ...actor, detail });
  return outcome;
}
