import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../kernel/index.ts';
import { findProfileByUsername } from '../accounts/account-profile.ts';
import type { IdentityAuditLog } from '../ports.ts';
import type { SignInCompletion } from './complete-sign-in.ts';
import { type PasswordVerificationDeps, verifyAccountPassword } from './verify-account-password.ts';

export interface SharedSignInDeps extends PasswordVerificationDeps {
  readonly audit: IdentityAuditLog;
  readonly signInCompletion: SignInCompletion;
}

export interface SharedCredentials {
  readonly username: string;
  readonly password: string;
  /** Path on this server to go to after sign-in. */
  readonly returnTo: string;
}

/**
 * Signs a browser in with the published credentials of a shared sandbox account, and ends its previous session. Verifies
 * the password as the sign-in page does. Throws `not-found` if no shared account has the username: a person may own it,
 * and wrong passwords would count against that person.
 * @returns the path to go to
 */
export type SharedSignIn = (
  request: FastifyRequest,
  reply: FastifyReply,
  credentials: SharedCredentials,
) => Promise<string>;

export function createSharedSignIn(deps: SharedSignInDeps): SharedSignIn {
  return async (request, reply, { username, password, returnTo }) => {
    const profile = await findProfileByUsername(deps.db, username);
    if (!deps.sandbox || profile?.published !== true)
      throw new Problem('not-found', { status: 404, message: 'This server has no such sandbox account.' });
    const claimed = { name: username, password, accountId: profile.accountId };
    const { accountId, passwordHash } = await verifyAccountPassword(deps, request, claimed, (failedId) =>
      deps.audit.append({ kind: 'sign-in', outcome: 'failure', requestId: request.id, accountId: failedId }),
    );
    return deps.signInCompletion.complete(request, reply, accountId, { returnTo, passwordHash });
  };
}
