import type { FastifyRequest } from 'fastify';
import { type AccountId, later, minutes, type Random, secretText, sha256 } from '../../kernel/index.ts';
import type { EnrollDeps } from './deps.ts';
import { readStepCookie } from './step-cookie.ts';
import { findStep, finishedBy, type StepAnswers, type StepKey } from './step-store.ts';

const hashOf = (cookie: string): Buffer => sha256(`enrollment step\u0000${cookie}`);

/** A fresh secret for the browser that is about to give its answers; it is worth nothing unless they are right. */
export function freshStep(random: Random): { readonly cookie: string; readonly step: Buffer } {
  const cookie = secretText(random);
  return { cookie, step: hashOf(cookie) };
}

export interface Step {
  readonly key: StepKey;
  readonly answers: StepAnswers | undefined;
}

/** What this browser has proved of the invitation; undefined: nothing, or too long ago, or another has since. */
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

/** So late the last form of a phone with a bad connection may come again. */
const A_MOMENT = minutes(2);

/**
 * The account that this browser's step made a moment ago: its last form came twice, and the phone is shown the second
 * answer. Afterwards the cookie is worth nothing.
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
