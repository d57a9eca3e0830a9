import type { FastifyRequest } from 'fastify';
import { type AccountId, later, minutes, type Random, secretText, sha256 } from '../../kernel/index.ts';
import type { EnrollDeps } from './deps.ts';
import { readStepCookie } from './step-cookie.ts';
import { findStep, finishedBy, type StepAnswers, type StepKey } from './step-store.ts';

const hashOf = (cookie: string): Buffer => sha256(`enrollment step\u0000${cookie}`);

/** Creates a secret for a browser that is about to answer. It becomes valid only if the answers are correct. */
export function freshStep(random: Random): { readonly cookie: string; readonly step: Buffer } {
  const cookie = secretText(random);
  return { cookie, step: hashOf(cookie) };
}

export interface Step {
  readonly key: StepKey;
  readonly answers: StepAnswers | undefined;
}

/**
 * Returns what this browser has proved for an invitation; `undefined` if nothing, it expired, or another browser has
 * proved since.
 */
export async function stepOf(
  { db, clock, secure }: EnrollDeps,
  request: FastifyRequest,
  hash: Buffer,
): Promise<Step | undefined> {
  const cookie = readStepCookie(request, { secure, hash });
  if (cookie === undefined) return undefined;
  const key = { hash, step: hashOf(cookie), now: clock.now() };
  const found = await findStep(db, key);
  return found && { key, answers: found.answers };
}

/** Milliseconds within which the last form may arrive a second time over a bad connection. */
const A_MOMENT = minutes(2);

/**
 * Finds the account that this browser created a moment ago, for a last form that was submitted twice: the phone shows
 * the response to the second request. Afterwards the cookie has no effect.
 */
export async function justFinished(
  { db, clock, secure }: EnrollDeps,
  request: FastifyRequest,
  hash: Buffer,
): Promise<AccountId | undefined> {
  const cookie = readStepCookie(request, { secure, hash });
  if (cookie === undefined) return undefined;
  return finishedBy(db, { hash, step: hashOf(cookie) }, later(clock.now(), -A_MOMENT));
}
