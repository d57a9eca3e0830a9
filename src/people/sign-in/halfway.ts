import type { FastifyReply, FastifyRequest } from 'fastify';
import { ownPath } from '../../kernel/index.ts';
import type { PeopleDeps } from '../deps.ts';
import { findSession, type Session, type Stage } from '../session.ts';

/** A sign-in that is half done: it opens its own next page, and nothing else. */
export interface Halfway extends Session {
  readonly cookie: string;
}

export type HalfStage = Exclude<Stage, 'full'>;

/** Undefined when there is none, or it took too long: then it begins anew, and leads to the same place. */
export async function halfwayOf(
  deps: Pick<PeopleDeps, 'db' | 'clock' | 'cookies'>,
  request: FastifyRequest,
  stage: HalfStage,
): Promise<Halfway | undefined> {
  const cookie = deps.cookies.session(request);
  const session = await findSession(deps.db, deps.clock, cookie, stage);
  return session === undefined || cookie === undefined ? undefined : { ...session, cookie };
}

/** @param over why: said there */
export const anew = (reply: FastifyReply, returnTo: string, over?: 'codes'): FastifyReply =>
  reply.redirect(
    `/sign-in?${new URLSearchParams({ return_to: returnTo, ...(over === undefined ? {} : { over }) })}`,
    303,
  );

export const wanted = (deps: Pick<PeopleDeps, 'publicUrl'>, value: unknown): string => ownPath(deps.publicUrl, value);

/** `path` with the place to go to when all is done. */
export const onTo = (path: string, returnTo: string): string =>
  `${path}?${new URLSearchParams({ return_to: returnTo })}`;
