import type { Executor } from '../../database/index.ts';
import { later } from '../../kernel/index.ts';
import { hashVerificationCode } from '../invitation/codes.ts';
import type { EnrollmentPageDeps } from './deps.ts';
import { hashAnswers, type IdentityAnswers, matchChart } from './identity-answers.ts';
import { countAnswer, uncountAnswer } from './network-limit.ts';
import type { OpenedInvitation } from './opened-invitation.ts';
import { createStepSecret } from './step.ts';
import { STEP_VALID_FOR } from './step-cookie.ts';
import { type StepProofResult, verifyStepAnswers } from './step-store.ts';

export interface IdentityAttempt {
  readonly answers: IdentityAnswers;
  /** Valid CSRF token of the form. */
  readonly csrf: string;
  /** IP address of the client. */
  readonly address: string;
  readonly requestId: string;
}

/**
 * Result of an attempt to answer the identity questions. `none`: the answers were not compared, because the invitation
 * is no longer open or has no valid verification code. `too-many`: there were too many wrong answers from the client's
 * network.
 */
export type IdentityAttemptResult =
  | { readonly outcome: 'right'; readonly cookie: string }
  | { readonly outcome: 'none' }
  | { readonly outcome: 'wrong'; readonly triesLeft: number }
  | { readonly outcome: 'too-many'; readonly until: Date };

/**
 * Compares the answers to the identity questions with the chart and the verification code, and records the result in
 * the audit log. The attempt is counted against the rate limit of the client's network first, and un-counted if the
 * answers weren't wrong. Two kinds of attempts are never counted, so that one invited person doesn't block others in
 * the same network: attempts while the invitation has no valid code, and repetitions of the last wrong answers.
 */
export async function verifyIdentity(
  deps: EnrollmentPageDeps,
  opened: OpenedInvitation,
  attempt: IdentityAttempt,
): Promise<IdentityAttemptResult> {
  const { db } = deps;
  const { invitationId, codeChannel, lastWrongHash } = opened.invitation;
  if (codeChannel === undefined) return { outcome: 'none' };
  const answer = hashAnswers(invitationId, attempt.answers);
  const counted = lastWrongHash?.equals(answer) !== true;
  const until = counted ? await countAnswer(deps, attempt.address) : undefined;
  if (until !== undefined) return { outcome: 'too-many', until };
  const { cookie, step } = createStepSecret(attempt.csrf, answer);
  const proved = await db.transaction((tx) => verifyInTransaction(tx, deps, opened, { ...attempt, answer, step }));
  if (proved.outcome === 'wrong') return proved;
  if (counted) await uncountAnswer(db, attempt.address);
  return { outcome: proved.outcome, cookie };
}

async function verifyInTransaction(
  tx: Executor,
  { clock, audit }: EnrollmentPageDeps,
  opened: OpenedInvitation,
  { answers, answer, step, requestId }: IdentityAttempt & { readonly answer: Buffer; readonly step: Buffer },
): Promise<StepProofResult> {
  const { invitationId, recordId } = opened.invitation;
  const now = clock.now();
  const result = await verifyStepAnswers(tx, {
    hash: opened.hash,
    step,
    now,
    detailsMatch: matchChart(answers, opened.chart),
    codeHash: hashVerificationCode(invitationId, answers.code),
    answer,
    expiresAt: later(now, STEP_VALID_FOR),
  });
  if (result.outcome === 'none') return result;
  await audit.appendInTransaction(tx, {
    kind: 'enrollment',
    outcome: result.outcome === 'right' ? 'success' : 'failure',
    requestId,
    recordId,
    detail: { action: 'prove', invitation: invitationId },
  });
  return result;
}
