import { type Executor, statement } from '../../database/index.ts';
import { isLanguage, type Language } from '../../i18n/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { MAX_WRONG_ANSWERS, OPEN_INVITATION } from '../invitation/open-invitation.ts';

/**
 * Checks the answers to the identity questions and counts wrong ones in one statement, so that concurrent guesses can't
 * exceed the limit. If the last wrong answers are sent again, for example by a form submitted twice, they aren't
 * counted, because the response reveals nothing new. Without a valid verification code no answers can be correct, and
 * nothing is counted.
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

/** Identifies the browser in which the identity questions of an invitation were answered. */
export interface EnrollmentStepKey {
  /** SHA-256 of the token in the invitation link. */
  readonly hash: Buffer;
  /** SHA-256 of the enrollment cookie, which is stored with the invitation after correct answers. */
  readonly step: Buffer;
  readonly now: Date;
}

interface StepAnswerCheck extends EnrollmentStepKey {
  /** True if the entered birth date and ZIP code match the chart. */
  readonly detailsMatch: boolean;
  readonly codeHash: Buffer;
  /** SHA-256 of all answers, which identifies answers that are sent again. */
  readonly answer: Buffer;
  readonly expiresAt: Date;
}

/** Result of checking the identity answers. `none`: the invitation isn't open, or has no valid verification code. */
export type StepProofResult =
  | { readonly outcome: 'right' | 'none' }
  | { readonly outcome: 'wrong'; readonly triesLeft: number };

/**
 * Checks the answers to the identity questions. Counts wrong answers. After correct answers, this browser can continue
 * the enrollment.
 */
export async function verifyStepAnswers(tx: Executor, answered: StepAnswerCheck): Promise<StepProofResult> {
  const { hash, step, now, detailsMatch, codeHash, answer, expiresAt } = answered;
  const [row] = await tx.query(prove, [now, hash, detailsMatch, codeHash, step, expiresAt, answer]);
  if (row === undefined) return { outcome: 'none' };
  return row.right ? { outcome: 'right' } : { outcome: 'wrong', triesLeft: MAX_WRONG_ANSWERS - row.failures };
}

/**
 * Username, email address and language that the person chose for the new account, stored until the account is created.
 */
export interface StoredAccountChoices {
  readonly username: string;
  /** Normalized email address, not confirmed yet; `undefined` unless the invitation was a letter. */
  readonly email: string | undefined;
  readonly language: Language;
}

/**
 * Finds the enrollment that this browser may continue. Returns `undefined` if the identity questions weren't answered
 * correctly in this browser, if they were answered too long ago, or if they have since been answered in another
 * browser.
 */
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

/** Stores the choices for the new account. @returns false if this browser may no longer continue the enrollment */
export const saveChoices = async (
  db: Executor,
  { hash, step, now }: EnrollmentStepKey,
  answers: StoredAccountChoices,
) => (await db.query(updateChoices, [now, hash, step, JSON.stringify(answers)])).length > 0;

/**
 * Uses up the invitation. If two calls run at the same time, only one returns true.
 * @param keepStep keeps the hash of the browser's cookie for `findCompletedEnrollment`
 */
export const useStep = async (
  tx: Executor,
  { hash, step, now }: EnrollmentStepKey,
  keepStep: boolean,
): Promise<boolean> => (await tx.query(updateUsed, [now, hash, step, keepStep])).length > 0;

/**
 * Finds the account that was just created in this browser.
 * @param since earliest time at which the account was created
 */
export async function findCompletedEnrollment(
  db: Executor,
  { hash, step }: Pick<EnrollmentStepKey, 'hash' | 'step'>,
  since: Date,
): Promise<AccountId | undefined> {
  const [row] = await db.query(selectCompleted, [hash, step, since]);
  return (row?.used_by ?? undefined) as AccountId | undefined;
}

/** Records the account that was created with an invitation, or to which the record was added. */
export async function recordUsedBy(tx: Executor, invitationId: string, accountId: AccountId): Promise<void> {
  await tx.query(updateUsedBy, [invitationId, accountId]);
}
