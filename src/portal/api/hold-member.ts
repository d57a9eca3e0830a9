import type { Executor } from '../../database/index.ts';
import { type AccountId, Problem } from '../../kernel/index.ts';
import { holdMembership, type MemberRole, type Membership, mayActAs } from '../../registry/index.ts';

export type OfOrganisation = Pick<Membership, 'organisationId' | 'organisationName'>;

/**
 * Whoever was removed, lowered or locked since the guard asked does nothing more: asked once more, and so it stays until
 * `tx` ends. What is changed is held before, for the wait is there.
 */
export async function holdMember(
  tx: Executor,
  { organisationId, organisationName }: OfOrganisation,
  accountId: AccountId,
  role: MemberRole,
): Promise<void> {
  const held = await holdMembership(tx, organisationId, accountId);
  if (held === undefined) throw notFound();
  if (!mayActAs(held, role)) throw roleMissing(held, role, organisationName);
}

/** The same for what is another's and for what there is not. */
export const notFound = (): Problem =>
  new Problem('not-found', { status: 404, message: 'There is no such thing, or it is not yours.' });

export const roleMissing = (held: MemberRole, needed: MemberRole, organisationName: string): Problem => {
  const message = `This needs the role ${needed} at ${organisationName}; you are ${held} there. Ask an administrator of the organisation.`;
  return new Problem('role-missing', { status: 403, message });
};
