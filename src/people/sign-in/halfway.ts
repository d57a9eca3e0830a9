import type { FastifyReply, FastifyRequest } from 'fastify';
import { ownPath } from '../../kernel/index.ts';
import type { PeopleDeps } from '../deps.ts';
import { findSession, type Session, type Stage } from '../session.ts';

/** A pending MFA challenge: a session that opens its own next page and nothing else. */
export interface Halfway extends Session {
  readonly cookie: string;
}

export type HalfStage = Exclude<Stage, 'full'>;

/**
 * Returns the pending challenge of a browser, or `undefined` if there is none or it expired; sign-in then starts again
 * and leads to the same page.
 */
export async function halfwayOf(
  deps: Pick<PeopleDeps, 'db' | 'clock' | 'cookies'>,
  request: FastifyRequest,
  stage: HalfStage,
): Promise<Halfway | undefined> {
  const cookie = deps.cookies.session(request);
  const session = await findSession(deps.db, deps.clock, cookie, stage);
  return session === undefined || cookie === undefined ? undefined : { ...session, cookie };
}

/** Redirects to the start of sign-in. @param reason displayed by the sign-in page */
export const anew = (reply: FastifyReply, returnTo: string, reason?: 'codes'): FastifyReply =>
  reply.redirect(
    `/sign-in?${new URLSearchParams({ return_to: returnTo, ...(reason === undefined ? {} : { over: reason }) })}`,
    303,
  );

/** Returns the path to go to after sign-in, from a query or form parameter. */
export const wanted = (deps: Pick<PeopleDeps, 'publicUrl'>, value: unknown): string => ownPath(deps.publicUrl, value);

/** Adds to `path` the page to go to after sign-in. */
export const onTo = (path: string, returnTo: string): string =>
  `${path}?${new URLSearchParams({ return_to: returnTo })}`;
