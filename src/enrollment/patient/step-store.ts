import { type Executor, statement } from '../../database/index.ts';
import { isLanguage, type Language } from '../../i18n/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { MAX_WRONG_ANSWERS, OPEN_INVITATION } from '../invitation/open-invitation.ts';

/**
 * Checks and counts in one statement, so that concurrent guesses can't exceed the limit. Repeating the last wrong
 * answer (a form submitted twice) isn't counted, because it reveals nothing new. Without a valid code no answer can be
 * correct, and nothing is counted.
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
   where i.hash = $2 and ${OPEN_INVITATION} and i.code_hash is not null and i.code_expires_at > $1
   returning ($3 and i.code_hash = $4) as right, i.failures`,
);
const VALID_STEP = `i.hash = $2 and ${OPEN_INVITATION} and i.step_hash = $3 and i.step_expires_at > $1`;
const selectStep = statement(
  'enrollment.step.holds',
  { answers: 'jsonb?' },
  `select i.step_answers as answers from invitation i where ${VALID_STEP}`,
);
const updateChoices = statement(
  'enrollment.step.keep',
  { invitation_id: 'uuid' },
  `update invitation i set step_answers = $4 where ${VALID_STEP} returning i.invitation_id`,
);
const updateUsed = statement(
  'enrollment.step.use',
  { invitation_id: 'uuid' },
  `update invitation i set used_at = $1, step_hash = case when $4 then i.step_hash end, step_answers = null,
     code_hash = null, wrong_hash = null
   where ${VALID_STEP} returning i.invitation_id`,
);
const selectCompleted = statement(
  'enrollment.step.finished',
  { used_by: 'uuid?' },
  'select used_by from invitation where hash = $1 and step_hash = $2 and used_at > $3',
);
const updateUsedBy = statement('enrollment.used-by', {}, 'update invitation set used_by = $2 where invitation_id = $1');

/** Proof that this browser gave the correct answers. */
export interface EnrollmentStepKey {
  /** SHA-256 of the invitation's token. */
  readonly hash: Buffer;
  /** SHA-256 of the browser's cookie. */
  readonly step: Buffer;
  readonly now: Date;
}

interface StepAnswerCheck extends EnrollmentStepKey {
  /** Whether birth date and ZIP code match the chart. */
  readonly detailsMatch: boolean;
  readonly codeHash: Buffer;
  /** SHA-256 of all answers. */
  readonly answer: Buffer;
  readonly expiresAt: Date;
}

/** `none`: the invitation isn't open, or has no valid code. */
export type StepProofResult =
  | { readonly outcome: 'right' | 'none' }
  | { readonly outcome: 'wrong'; readonly triesLeft: number };

/** Checks the answers, counts a wrong one, and stores the browser's proof after correct ones. */
export async function verifyStepAnswers(tx: Executor, answered: StepAnswerCheck): Promise<StepProofResult> {
  const { hash, step, now, detailsMatch, codeHash, answer, expiresAt } = answered;
  const [row] = await tx.query(prove, [now, hash, detailsMatch, codeHash, step, expiresAt, answer]);
  if (row === undefined) return { outcome: 'none' };
  return row.right ? { outcome: 'right' } : { outcome: 'wrong', triesLeft: MAX_WRONG_ANSWERS - row.failures };
}

/** The person's choices so far. */
export interface StoredAccountChoices {
  readonly username: string;
  /** Normalized and not confirmed yet; only for an invitation by letter. */
  readonly email: string | undefined;
  readonly language: Language;
}

/** Finds this browser's proof; `undefined` if it has none, it expired, or another browser has proved since. */
export async function findStoredStep(
  db: Executor,
  { hash, step, now }: EnrollmentStepKey,
): Promise<{ readonly answers: StoredAccountChoices | undefined } | undefined> {
  const [row] = await db.query(selectStep, [now, hash, step]);
  return row === undefined ? undefined : { answers: toStoredChoices(row.answers) };
}

function toStoredChoices(stored: unknown): StoredAccountChoices | undefined {
  const { username, email, language } = (stored ?? {}) as Record<string, unknown>;
  if (typeof username !== 'string' || !isLanguage(language)) return undefined;
  return { username, language, email: typeof email === 'string' ? email : undefined };
}

/** Stores the choices. @returns false if the proof is no longer valid */
export const saveChoices = async (
  db: Executor,
  { hash, step, now }: EnrollmentStepKey,
  answers: StoredAccountChoices,
) => (await db.query(updateChoices, [now, hash, step, JSON.stringify(answers)])).length > 0;

/**
 * Uses up the invitation; of two concurrent calls, the second finds nothing.
 * @param keepStep keeps the browser's proof for `findCompletedEnrollment`
 */
export const useStep = async (
  tx: Executor,
  { hash, step, now }: EnrollmentStepKey,
  keepStep: boolean,
): Promise<boolean> => (await tx.query(updateUsed, [now, hash, step, keepStep])).length > 0;

/** Finds the account that this browser has just created. @param since earliest time of completion */
export async function findCompletedEnrollment(
  db: Executor,
  { hash, step }: Pick<EnrollmentStepKey, 'hash' | 'step'>,
  since: Date,
): Promise<AccountId | undefined> {
  const [row] = await db.query(selectCompleted, [hash, step, since]);
  return (row?.used_by ?? undefined) as AccountId | undefined;
}

/** Records which account an invitation created or was added to. */
export async function recordUsedBy(tx: Executor, invitationId: string, accountId: AccountId): Promise<void> {
  await tx.query(updateUsedBy, [invitationId, accountId]);
}
