import type { Executor } from '../../database/index.ts';
import { type AccountId, Problem } from '../../kernel/index.ts';
import { holdMembership, type MemberRole, type Membership, mayActAs } from '../../registry/index.ts';

export type OfOrganisation = Pick<Membership, 'organisationId' | 'organisationName'>;

/**
 * Checks the role of a member again and locks it until `tx` ends, because the member may have been
 * removed, downgraded or locked since the guard ran. Lock what is going to change first: the wait
 * happens there.
 */
export async function holdMember(
  tx: Executor,
  { organisationId, organisationName }: OfOrganisation,
  accountId: AccountId,
  role: MemberRole,
): Promise<void> {
  const currentRole = await holdMembership(tx, organisationId, accountId);
  if (currentRole === undefined) throw notFound();
  if (!mayActAs(currentRole, role)) throw roleMissing(currentRole, role, organisationName);
}

/** Same error for things of others and for things that don't exist. */
export const notFound = (): Problem =>
  new Problem('not-found', { status: 404, message: 'There is no such thing, or it is not yours.' });

export const roleMissing = (currentRole: MemberRole, needed: MemberRole, organisationName: string): Problem => {
  const message = `This needs the role ${needed} at ${organisationName}; you are ${currentRole} there. Ask an administrator of the organisation.`;
  return new Problem('role-missing', { status: 403, message });
};
