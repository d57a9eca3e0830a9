import type { AuditLog } from '../../audit/index.ts';
import type { Database } from '../../database/index.ts';
import { cancelFirstAdministratorInvitations } from '../../enrollment/index.ts';
import { listAdministrators } from '../../identity/index.ts';
import { inviteAdministrator, type StaffInvitationLink, type StaffInviteDeps } from '../invitations/invite.ts';

export interface FirstAdministratorDeps extends Omit<StaffInviteDeps, 'audit'> {
  readonly db: Database;
  readonly audit: AuditLog;
}

/**
 * Makes a link for the first administrator of the installation, who then enters their own name. Earlier unused links
 * become invalid. If several processes start together, each prints a link, and the first one that is used invalidates
 * the others.
 * @param endUntil links made after this time stay valid; by default all earlier links become invalid
 * @returns undefined if there is an administrator already
 */
export function inviteFirstAdministrator(
  deps: FirstAdministratorDeps,
  endUntil?: Date,
): Promise<StaffInvitationLink | undefined> {
  return deps.db.transaction(async (tx) => {
    if ((await listAdministrators(tx)).length > 0) return undefined;
    const now = deps.clock.now();
    await cancelFirstAdministratorInvitations(tx, now, endUntil ?? now);
    return inviteAdministrator(tx, deps, { accountId: undefined }, { name: '' });
  });
}
