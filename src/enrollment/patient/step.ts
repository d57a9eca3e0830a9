import type { FastifyRequest } from 'fastify';
import { type AccountId, later, minutes, type Random, randomSecret, sha256 } from '../../kernel/index.ts';
import type { EnrollmentPageDeps } from './deps.ts';
import { readStepCookie } from './step-cookie.ts';
import {
  type EnrollmentStepKey,
  findCompletedEnrollment,
  findStoredStep,
  type StoredAccountChoices,
} from './step-store.ts';

const hashStepCookie = (cookie: string): Buffer => sha256(`enrollment step\u0000${cookie}`);

/** Creates a secret for a browser that is about to answer. It becomes valid only if the answers are correct. */
export function createStepSecret(random: Random): { readonly cookie: string; readonly step: Buffer } {
  const cookie = randomSecret(random);
  return { cookie, step: hashStepCookie(cookie) };
}

export interface EnrollmentStep {
  readonly key: EnrollmentStepKey;
  readonly answers: StoredAccountChoices | undefined;
}

/**
 * Returns what this browser has proved for an invitation; `undefined` if nothing, it expired, or another browser has
 * proved since.
 */
export async function findEnrollmentStep(
  { db, clock, secure }: EnrollmentPageDeps,
  request: FastifyRequest,
  hash: Buffer,
): Promise<EnrollmentStep | undefined> {
  const cookie = readStepCookie(request, { secure, hash });
  if (cookie === undefined) return undefined;
  const key = { hash, step: hashStepCookie(cookie), now: clock.now() };
  const found = await findStoredStep(db, key);
  return found && { key, answers: found.answers };
}

/** Milliseconds within which the last form may arrive a second time over a bad connection. */
const REPEATED_FORM_WINDOW = minutes(2);

/**
 * Finds the account that this browser created a moment ago, for a last form that was submitted twice: the phone shows
 * the response to the second request. Afterwards the cookie has no effect.
 */
export async function findJustCreatedAccount(
  { db, clock, secure }: EnrollmentPageDeps,
  request: FastifyRequest,
  hash: Buffer,
): Promise<AccountId | undefined> {
  const cookie = readStepCookie(request, { secure, hash });
  if (cookie === undefined) return undefined;
  return findCompletedEnrollment(db, { hash, step: hashStepCookie(cookie) }, later(clock.now(), -REPEATED_FORM_WINDOW));
}
