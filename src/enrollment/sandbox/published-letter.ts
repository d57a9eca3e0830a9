import type { Executor } from '../../database/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { InvitationLetter } from '../contract.ts';
import { hashInvitationToken } from '../invitation/codes.ts';
import { findInvitationByHash } from '../invitation/store.ts';
import { createLetter } from '../letter/letter.ts';
import { findSandboxPatientByLetter } from './sandbox-patients.ts';

/**
 * Returns the contents of a sandbox patient's published letter. Returns undefined while the letter doesn't work, and for
 * the code of any other letter.
 */
export async function createPublishedLetter(
  deps: { readonly db: Executor; readonly clock: Clock; readonly publicUrl: string },
  letterCode: string,
): Promise<InvitationLetter | undefined> {
  const hash = hashInvitationToken(letterCode);
  if (hash === undefined || (await findSandboxPatientByLetter(deps.db, hash)) === undefined) return undefined;
  const invitation = await findInvitationByHash(deps.db, hash, deps.clock.now());
  return invitation && createLetter(deps, { invitationId: invitation.invitationId, letterCode });
}
