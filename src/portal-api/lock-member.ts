import { includesRole, lockMembership, type OrganisationMembership, type OrganisationRole } from '../apps/index.ts';
import type { Executor } from '../database/index.ts';
import { type AccountId, notFoundProblem, Problem } from '../kernel/index.ts';

export type OrganisationRef = Pick<OrganisationMembership, 'organisationId' | 'organisationName'>;

/**
 * Checks the role of a member again and locks it until `tx` ends, because the member may have been
 * removed, downgraded or locked since the guard ran. Lock what is going to change first: the wait
 * happens there.
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

/** Same error for things of others and for things that don't exist. */
export const missingOrNotOwn = (): Problem => notFoundProblem('There is no such thing, or it is not yours.');

export const roleMissing = (
  currentRole: OrganisationRole,
  needed: OrganisationRole,
  organisationName: string,
): Problem => {
  const message = `This needs the role ${needed} at ${organisationName}; you are ${currentRole} there. Ask an administrator of the organisation.`;
  return new Problem('role-missing', { status: 403, message });
};
