import type { FastifyReply, FastifyRequest } from 'fastify';
import { localPath } from '../../kernel/index.ts';
import type { IdentityDeps } from '../deps.ts';
import { findSession, type Session, type SessionStage } from '../sessions/session.ts';

/**
 * A pending MFA challenge: the password was verified and the second factor wasn't yet. Its session gives access only to
 * the next page of the sign-in.
 */
export interface PendingChallenge extends Session {
  readonly cookie: string;
}

export type PendingStage = Exclude<SessionStage, 'full'>;

/**
 * Returns the browser's pending MFA challenge; `undefined` if there is none or it expired. If it returns `undefined`,
 * the caller sends the person to the start of sign-in. After sign-in the person reaches the page that they first
 * requested.
 */
export async function findPendingChallenge(
  deps: Pick<IdentityDeps, 'db' | 'clock' | 'cookies'>,
  request: FastifyRequest,
  stage: PendingStage,
): Promise<PendingChallenge | undefined> {
  const cookie = deps.cookies.session(request);
  const session = await findSession(deps.db, deps.clock, cookie, stage);
  return session === undefined || cookie === undefined ? undefined : { ...session, cookie };
}

/** Redirects to the start of sign-in. @param reason key of the message that the sign-in page shows */
export const restartSignIn = (reply: FastifyReply, returnTo: string, reason?: 'codes'): FastifyReply =>
  reply.redirect(
    `/sign-in?${new URLSearchParams({ return_to: returnTo, ...(reason === undefined ? {} : { over: reason }) })}`,
    303,
  );

/**
 * Reads the path to go to after sign-in from a query or form parameter. Replaces an address of another site by `/`.
 */
export const readReturnPath = (deps: Pick<IdentityDeps, 'publicUrl'>, value: unknown): string =>
  localPath(deps.publicUrl, value);

/** Adds to a path the query parameter with the page to go to after sign-in. */
export const withReturnTo = (path: string, returnTo: string): string =>
  `${path}?${new URLSearchParams({ return_to: returnTo })}`;
