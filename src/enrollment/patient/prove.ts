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
  /** Network address that they came from. */
  readonly address: string;
  readonly requestId: string;
}

export type Attempted =
  | { readonly outcome: 'right'; readonly cookie: string }
  /** It is over, or there is no code that is good. */
  | { readonly outcome: 'none' }
  | { readonly outcome: 'wrong'; readonly triesLeft: number }
  | { readonly outcome: 'too-many'; readonly until: Date };

/**
 * Holds the answers against chart and code. Each try is counted before it is looked at, and in the trail whatever comes
 * of it. What could not be right, or is the same wrong answer again, is no guess: whoever has an invitation shuts nobody
 * else of their network out with it.
 */
export async function prove(deps: EnrollDeps, at: Opened, attempt: Attempt): Promise<Attempted> {
  const { db } = deps;
  const { invitationId, codeBy, lastWrong } = at.invitation;
  if (codeBy === undefined) return { outcome: 'none' };
  const answer = hashOfAnswers(invitationId, attempt.answers);
  const counted = lastWrong?.equals(answer) !== true;
  const until = counted ? await countAnswer(deps, attempt.address) : undefined;
  if (until !== undefined) return { outcome: 'too-many', until };
  const { cookie, step } = freshStep(deps.random);
  const proved = await db.transaction((tx) => proveWithin(tx, deps, at, { ...attempt, answer, step }));
  if (proved.outcome === 'wrong') return proved;
  if (counted) await forgiveAnswer(db, attempt.address);
  return { outcome: proved.outcome, cookie };
}

async function proveWithin(
  tx: Executor,
  { clock, audit }: EnrollDeps,
  at: Opened,
  { answers, answer, step, requestId }: Attempt & { readonly answer: Buffer; readonly step: Buffer },
): Promise<Proved> {
  const { invitationId, recordId } = at.invitation;
  const now = clock.now();
  const result = await proveStep(tx, {
    hash: at.hash,
    step,
    now,
    detailsRight: areOfChart(answers, at.chart),
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
