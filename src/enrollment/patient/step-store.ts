import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { isLanguage, type Language } from '../../words/index.ts';
import { MOST_FAILURES, OPEN } from '../invitation/open.ts';

/**
 * One statement looks and counts: of any number of answers at once no more than the allowed are ever looked at. The same
 * wrong answer again is a form that was sent twice, and tells nobody more than the first. Without a code that is good
 * nothing could be right, and nothing is counted.
 */
const prove = statement(
  'enrollment.prove',
  { right: 'bool', failures: 'int4' },
  `update invitation i set
     failures = i.failures + case when $3 and i.code_hash = $4 or i.wrong_hash = $7 then 0 else 1 end,
     wrong_hash = case when $3 and i.code_hash = $4 then null else $7 end,
     step_hash = case when $3 and i.code_hash = $4 then $5 else i.step_hash end,
     step_answers = case when $3 and i.code_hash = $4 then null else i.step_answers end,
     step_expires_at = case when $3 and i.code_hash = $4 then $6 else i.step_expires_at end
   where i.hash = $2 and ${OPEN} and i.code_hash is not null and i.code_expires_at > $1
   returning ($3 and i.code_hash = $4) as right, i.failures`,
);
const STEP = `i.hash = $2 and ${OPEN} and i.step_hash = $3 and i.step_expires_at > $1`;
const holds = statement(
  'enrollment.step.holds',
  { answers: 'jsonb?' },
  `select i.step_answers as answers from invitation i where ${STEP}`,
);
const keep = statement(
  'enrollment.step.keep',
  { invitation_id: 'uuid' },
  `update invitation i set step_answers = $4 where ${STEP} returning i.invitation_id`,
);
const use = statement(
  'enrollment.step.use',
  { invitation_id: 'uuid' },
  `update invitation i set used_at = $1, step_hash = case when $4 then i.step_hash end, step_answers = null,
     code_hash = null, wrong_hash = null
   where ${STEP} returning i.invitation_id`,
);
const finished = statement(
  'enrollment.step.finished',
  { used_by: 'uuid?' },
  'select used_by from invitation where hash = $1 and step_hash = $2 and used_at > $3',
);
const usedBy = statement('enrollment.used-by', {}, 'update invitation set used_by = $2 where invitation_id = $1');

/** By what a browser shows that it gave the right answers. */
export interface StepKey {
  /** Of the invitation's token. */
  readonly hash: Buffer;
  /** SHA-256 of the browser's cookie. */
  readonly step: Buffer;
  readonly now: Date;
}

interface Answered extends StepKey {
  /** Whether birth date and ZIP code are the chart's. */
  readonly detailsRight: boolean;
  readonly codeHash: Buffer;
  /** SHA-256 of all that was answered. */
  readonly answer: Buffer;
  readonly expiresAt: Date;
}

/** `none`: it is not open, or no code is out. */
export type Proved = { readonly outcome: 'right' | 'none' } | { readonly outcome: 'wrong'; readonly triesLeft: number };

export async function proveStep(tx: Executor, answered: Answered): Promise<Proved> {
  const { hash, step, now, detailsRight, codeHash, answer, expiresAt } = answered;
  const [row] = await tx.query(prove, [now, hash, detailsRight, codeHash, step, expiresAt, answer]);
  if (row === undefined) return { outcome: 'none' };
  return row.right ? { outcome: 'right' } : { outcome: 'wrong', triesLeft: MOST_FAILURES - row.failures };
}

/** What was chosen so far. */
export interface StepAnswers {
  readonly username: string;
  /** Folded; of who was invited by letter, and not confirmed yet. */
  readonly email: string | undefined;
  readonly language: Language;
}

/** undefined: this browser has not proved anything, or took too long. */
export async function findStep(
  db: Executor,
  { hash, step, now }: StepKey,
): Promise<{ readonly answers: StepAnswers | undefined } | undefined> {
  const [row] = await db.query(holds, [now, hash, step]);
  return row === undefined ? undefined : { answers: answersOf(row.answers) };
}

function answersOf(kept: unknown): StepAnswers | undefined {
  const { username, email, language } = (kept ?? {}) as Record<string, unknown>;
  if (typeof username !== 'string' || !isLanguage(language)) return undefined;
  return { username, language, email: typeof email === 'string' ? email : undefined };
}

/** @returns whether it was this browser's step */
export const keepAnswers = async (db: Executor, { hash, step, now }: StepKey, answers: StepAnswers) =>
  (await db.query(keep, [now, hash, step, JSON.stringify(answers)])).length > 0;

/** The invitation is used up, by one: of two at once the second finds nothing. @param kept for `finishedBy` */
export const useStep = async (tx: Executor, { hash, step, now }: StepKey, kept: boolean): Promise<boolean> =>
  (await tx.query(use, [now, hash, step, kept])).length > 0;

/** The account that this browser's step has just made. @param since it is no longer a moment ago */
export async function finishedBy(
  db: Executor,
  { hash, step }: Pick<StepKey, 'hash' | 'step'>,
  since: Date,
): Promise<AccountId | undefined> {
  const [row] = await db.query(finished, [hash, step, since]);
  return (row?.used_by ?? undefined) as AccountId | undefined;
}

export async function keepUser(tx: Executor, invitationId: string, accountId: AccountId): Promise<void> {
  await tx.query(usedBy, [invitationId, accountId]);
}
