import type { FastifyRequest } from 'fastify';
import { type AccountId, later, minutes, sha256, sha256Base64url } from '../../kernel/index.ts';
import type { EnrollmentPageDeps } from './deps.ts';
import { readStepCookie } from './step-cookie.ts';
import {
  type EnrollmentStepKey,
  findCompletedEnrollment,
  findStoredStep,
  type StoredAccountChoices,
} from './step-store.ts';

const hashStepCookie = (cookie: string): Buffer => sha256(`enrollment step\u0000${cookie}`);

/**
 * Creates the enrollment cookie for a browser in which the identity questions are being answered. The cookie becomes
 * valid only if the answers are correct. The same answers in the same browser give the same cookie, because a phone may
 * send a form twice. It keeps the cookie of the response that arrives last, while the request that was handled last is
 * stored.
 * @param csrf CSRF token of the form, which only this browser has
 * @param answer hash of all answers
 */
export function createStepSecret(csrf: string, answer: Buffer): { readonly cookie: string; readonly step: Buffer } {
  const cookie = sha256Base64url(`enrollment cookie\u0000${csrf}\u0000${answer.toString('hex')}`);
  return { cookie, step: hashStepCookie(cookie) };
}

export interface EnrollmentStep {
  readonly key: EnrollmentStepKey;
  readonly answers: StoredAccountChoices | undefined;
}

/**
 * Returns the enrollment that this browser may continue. Returns `undefined` if the identity questions weren't answered
 * correctly in this browser, if they were answered too long ago, or if they have since been answered in another
 * browser.
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

/**
 * Milliseconds within which the last form of an enrollment may be submitted a second time, as a browser does on a bad
 * connection.
 */
const REPEATED_FORM_WINDOW = minutes(2);

/**
 * Finds the account that was created in this browser a moment ago, if the last form was submitted twice. The person's
 * browser shows the response to the second request, so that request must succeed too. Later the cookie has no effect.
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
