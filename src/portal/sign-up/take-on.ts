import { type AccountId, type OrganisationId, sha256 } from '../../kernel/index.ts';
import { addMember } from '../../registry/index.ts';
import type { PortalDeps } from '../deps.ts';
import { settleSignUp, useSignUp } from './store.ts';

/**
 * Accepts an invitation with the existing account of the address. Members of the organization keep
 * their role. @returns the organization, or `over` if the link is no longer valid
 */
export async function takeOn(
  deps: PortalDeps,
  { token, requestId }: { readonly token: string; readonly requestId: string },
  accountId: AccountId,
): Promise<OrganisationId | 'over'> {
  return deps.db.transaction(async (tx) => {
    const now = deps.clock.now();
    const signUp = await useSignUp(tx, sha256(token), now);
    if (signUp?.invitation === undefined) return 'over';
    const { organisationId, role } = signUp.invitation;
    await addMember(tx, { organisationId, accountId, role, now });
    await settleSignUp(tx, signUp, accountId, now);
    const detail = { action: 'join', by: 'invitation', organisationId, role, signUp: signUp.signUpId };
    await deps.audit.recordWithin(tx, { kind: 'organisation', outcome: 'success', requestId, accountId, detail });
    return organisationId;
  });
}
