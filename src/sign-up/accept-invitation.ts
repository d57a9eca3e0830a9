import { addMember } from '../apps/index.ts';
import { type AccountId, type OrganisationId, sha256 } from '../kernel/index.ts';
import type { PortalContext } from '../portal-api/index.ts';
import { completeSignUp, useSignUp } from './sign-up-store.ts';

/**
 * Accepts an invitation to an organization for the account that has the invited email address. A
 * person who is a member already keeps their role.
 * @returns the organization, or `over` if the link is no longer valid
 */
export async function acceptInvitation(
  deps: Pick<PortalContext, 'db' | 'clock' | 'audit'>,
  { token, requestId }: { readonly token: string; readonly requestId: string },
  accountId: AccountId,
): Promise<OrganisationId | 'over'> {
  return deps.db.transaction(async (tx) => {
    const now = deps.clock.now();
    const signUp = await useSignUp(tx, sha256(token), now);
    if (signUp?.invitation === undefined) return 'over';
    const { organisationId, role } = signUp.invitation;
    await addMember(tx, { organisationId, accountId, role, now });
    await completeSignUp(tx, signUp, accountId, now);
    const detail = { action: 'join', by: 'invitation', organisationId, role, signUp: signUp.signUpId };
    await deps.audit.appendInTransaction(tx, {
      kind: 'organisation',
      outcome: 'success',
      requestId,
      accountId,
      detail,
    });
    return organisationId;
  });
}
