import type { Executor } from '../../database/index.ts';
import { later } from '../../kernel/index.ts';
import { codeHash } from '../invitation/codes.ts';
import { type Answers, areOfChart, hashOfAnswers } from './answers.ts';
import type { EnrollDeps } from './deps.ts';
import { countAnswer, forgiveAnswer } from './network-limit.ts';
import type { Opened } from './opened.ts';
import { freshStep } from './step.ts';
import { STEP_GOOD_FOR } from './step-cookie.ts';
import { type Proved, proveStep } from './step-store.ts';

export interface Attempt {
  readonly answers: Answers;
  /** IP address of the client. */
  readonly address: string;
  readonly requestId: string;
}

/** Result of an attempt. `none`: the invitation is no longer open, or has no valid code. */
export type Attempted =
  | { readonly outcome: 'right'; readonly cookie: string }
  | { readonly outcome: 'none' }
  | { readonly outcome: 'wrong'; readonly triesLeft: number }
  | { readonly outcome: 'too-many'; readonly until: Date };

/**
 * Checks the answers against the chart and the verification code. Each attempt is counted before it is checked and is
 * recorded in the audit log. Answers that can't be correct and repetitions of the last wrong answer don't count as
 * guesses of the network, so that an invited person doesn't block others in the same network.
 */
export async function prove(deps: EnrollDeps, opened: Opened, attempt: Attempt): Promise<Attempted> {
  const { db } = deps;
  const { invitationId, codeBy, lastWrong } = opened.invitation;
  if (codeBy === undefined) return { outcome: 'none' };
  const answer = hashOfAnswers(invitationId, attempt.answers);
  const counted = lastWrong?.equals(answer) !== true;
  const until = counted ? await countAnswer(deps, attempt.address) : undefined;
  if (until !== undefined) return { outcome: 'too-many', until };
  const { cookie, step } = freshStep(deps.random);
  const proved = await db.transaction((tx) => proveWithin(tx, deps, opened, { ...attempt, answer, step }));
  if (proved.outcome === 'wrong') return proved;
  if (counted) await forgiveAnswer(db, attempt.address);
  return { outcome: proved.outcome, cookie };
}

async function proveWithin(
  tx: Executor,
  { clock, audit }: EnrollDeps,
  opened: Opened,
  { answers, answer, step, requestId }: Attempt & { readonly answer: Buffer; readonly step: Buffer },
): Promise<Proved> {
  const { invitationId, recordId } = opened.invitation;
  const now = clock.now();
  const result = await proveStep(tx, {
    hash: opened.hash,
    step,
    now,
    detailsRight: areOfChart(answers, opened.chart),
    codeHash: codeHash(invitationId, answers.code),
    answer,
    expiresAt: later(now, STEP_GOOD_FOR),
  });
  if (result.outcome === 'none') return result;
  await audit.recordWithin(tx, {
    kind: 'enrollment',
    outcome: result.outcome === 'right' ? 'success' : 'failure',
    requestId,
    recordId,
    detail: { action: 'prove', invitation: invitationId },
  });
  return result;
}
