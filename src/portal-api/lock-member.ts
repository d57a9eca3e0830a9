import { includesRole, lockMembership, type OrganisationMembership, type OrganisationRole } from '../apps/index.ts';
import type { Executor } from '../database/index.ts';
import { type AccountId, notFoundProblem, Problem } from '../kernel/index.ts';

export type OrganisationRef = Pick<OrganisationMembership, 'organisationId' | 'organisationName'>;

/**
 * Checks the role of a member again and locks the membership until `tx` ends, because the member
 * may have been removed, downgraded or locked since the request was checked. Lock the data that is
 * going to change before you call this function: if the transaction has to wait for that lock, the
 * role is then checked after the wait.
 */
export async function lockMemberRole(
  tx: Executor,
  { organisationId, organisationName }: OrganisationRef,
  accountId: AccountId,
  role: OrganisationRole,
): Promise<void> {
  const currentRole = await lockMembership(tx, organisationId, accountId);
  if (currentRole === undefined) throw missingOrNotOwn();
  if (!includesRole(currentRole, role)) throw roleMissing(currentRole, role, organisationName);
}

/**
 * Creates the error for an app or organization that doesn't exist or belongs to someone else. Both
 * cases have the same message, so that callers can't tell which ids exist.
 */
export const missingOrNotOwn = (): Problem => notFoundProblem('Not found, or you don’t have access to it.');

export const roleMissing = (
  currentRole: OrganisationRole,
  needed: OrganisationRole,
  organisationName: string,
): Problem => {
  const message = `This requires the role ${needed} in ${organisationName}. Your role is ${currentRole}. Ask an administrator of the organization.`;
  return new Problem('role-missing', { status: 403, message });
};
