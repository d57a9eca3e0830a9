import type { FastifyReply, FastifyRequest } from 'fastify';
import { localPath } from '../../kernel/index.ts';
import type { IdentityDeps } from '../deps.ts';
import { findSession, type Session, type SessionStage } from '../sessions/session.ts';

/** A pending MFA challenge: a session that opens its own next page and nothing else. */
export interface PendingChallenge extends Session {
  readonly cookie: string;
}

export type PendingStage = Exclude<SessionStage, 'full'>;

/**
 * Returns the pending challenge of a browser, or `undefined` if there is none or it expired; sign-in then starts again
 * and leads to the same page.
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

/** Redirects to the start of sign-in. @param reason displayed by the sign-in page */
export const restartSignIn = (reply: FastifyReply, returnTo: string, reason?: 'codes'): FastifyReply =>
  reply.redirect(
    `/sign-in?${new URLSearchParams({ return_to: returnTo, ...(reason === undefined ? {} : { over: reason }) })}`,
    303,
  );

/** Returns the path to go to after sign-in, from a query or form parameter. */
export const readReturnPath = (deps: Pick<IdentityDeps, 'publicUrl'>, value: unknown): string =>
  localPath(deps.publicUrl, value);

/** Adds to `path` the page to go to after sign-in. */
export const withReturnTo = (path: string, returnTo: string): string =>
  `${path}?${new URLSearchParams({ return_to: returnTo })}`;
