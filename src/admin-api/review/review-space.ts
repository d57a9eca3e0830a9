import type { FastifyRequest } from 'fastify';
import type { Session } from '../../identity/index.ts';
import { Problem } from '../../kernel/index.ts';
import { markMadeUp, noEmail } from '../../portal-api/index.ts';
import type { DecisionDeps, ReviewData, ReviewRouteDeps } from './deps.ts';

/** An administrator who may make decisions, and what they may decide about. */
export interface Decider {
  readonly session: Session;
  readonly deps: DecisionDeps;
}

/**
 * Reads from the apps and organizations that the caller may see. In a made-up space, all of it is one transaction: the
 * shared account takes one connection per request, however much a page reads.
 */
export async function readReviewSpace<Result>(
  { guard, clock }: ReviewRouteDeps,
  request: FastifyRequest,
  read: (data: ReviewData, session: Session) => Promise<Result>,
): Promise<Result> {
  const { session, db, isMadeUp } = await guard.reviewSpace(request);
  if (!isMadeUp) return read({ db, clock, isMadeUp }, session);
  return db.transaction((tx) => read({ db: tx, clock, isMadeUp }, session));
}

/**
 * Returns an administrator who may change data. Throws `not-changeable` for a shared sandbox account that could see
 * real apps, because its password is public.
 */
export async function requireWriter(deps: ReviewRouteDeps, request: FastifyRequest): Promise<Decider> {
  const { session, db, isMadeUp } = await deps.guard.reviewSpace(request);
  if (isMadeUp) {
    const audit = markMadeUp(deps.audit);
    return { session, deps: { ...deps, db, isMadeUp, audit, post: noEmail(deps.post) } };
  }
  if (!session.published) return { session, deps: { ...deps, db, isMadeUp } };
  throw new Problem('not-changeable', {
    status: 403,
    message: 'This is a shared sandbox account and can’t make decisions. Sign in with your own account.',
  });
}

/** Returns an administrator who may make decisions. This additionally requires a recent authentication. */
export async function requireDecider(deps: ReviewRouteDeps, request: FastifyRequest): Promise<Decider> {
  const decider = await requireWriter(deps, request);
  deps.guard.requireProof(decider.session);
  return decider;
}
