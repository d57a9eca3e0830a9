import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { type AccountId, later, minutes, type PracticeId, type RecordId } from '../../kernel/index.ts';
import { MAX_WRONG_ANSWERS } from '../invitation/open-invitation.ts';

/**
 * Milliseconds after a change until a sandbox patient is due to return to its start. The task that resets patients runs
 * every five minutes, so each patient has returned within `RESET_WITHIN`.
 */
const RESET_AFTER = minutes(50);
/** Milliseconds after a change by which pages promise that a sandbox patient has returned to its start. */
const RESET_WITHIN = minutes(60);

/** A sandbox patient without a shared account, with whom visitors try enrollment. */
export interface SandboxPatient {
  readonly recordId: RecordId;
  readonly practiceId: PracticeId;
  /** Key of the patient's scenario. */
  readonly persona: string;
  /** The locked account with which the patient starts; undefined if the patient starts without an account. */
  readonly accountId: AccountId | undefined;
  /** Time by which the patient has returned to its start; undefined if no visitor has changed it. */
  readonly inUseUntil: Date | undefined;
  /** IANA name of the practice's time zone. */
  readonly timeZone: string;
}

const COLUMNS = {
  record_id: 'int8',
  practice_id: 'int4',
  persona: 'text',
  account_id: 'uuid?',
  changed_at: 'timestamptz?',
  time_zone: 'text',
} as const;
/**
 * SQL that selects the marked patients. Only active records of sandbox practices are ever selected, so that nothing that
 * starts from this selection can touch a live practice.
 */
const SELECT = `select e.record_id, e.practice_id, e.persona, e.account_id, e.changed_at, p.time_zone
  from sandbox_enrollment e
  join record r on r.record_id = e.record_id and r.practice_id = e.practice_id and r.state = 'active'
  join practice p on p.practice_id = e.practice_id and p.kind = 'sandbox'`;
const byRecord = statement('enrollment.sandbox.find', COLUMNS, `${SELECT} where e.record_id = $1`);
const byLetter = statement('enrollment.sandbox.by-letter', COLUMNS, `${SELECT} where e.letter_hash = $1`);
const all = statement('enrollment.sandbox.list', COLUMNS, `${SELECT} order by e.record_id`);
/**
 * A patient is due some time after a change. It is due at once if its published letter failed after wrong answers,
 * because otherwise one visitor could block the letter for all others. It is also due at once before its letter expires,
 * and if its locked account was unlocked or closed without a note.
 */
const DUE = `(e.changed_at <= $1
    or e.changed_at is null and exists (
      select from account a where a.account_id = e.account_id and (a.locked_at is null or a.closed_at is not null))
    or exists (
      select from invitation i
      where i.record_id = e.record_id and i.hash = e.letter_hash and i.used_at is null and i.cancelled_at is null
        and (i.failures >= ${MAX_WRONG_ANSWERS} or i.expires_at < $2)))`;
const due = statement('enrollment.sandbox.due', COLUMNS, `${SELECT} where ${DUE} order by e.record_id`);
const lockDue = statement(
  'enrollment.sandbox.lock-due',
  COLUMNS,
  `${SELECT} where ${DUE} and e.record_id = $3 for update of e`,
);
const note = statement(
  'enrollment.sandbox.note-change',
  {},
  `update sandbox_enrollment set changed_at = case when $3 then $2 else coalesce(changed_at, $2) end where record_id = $1`,
);
const insert = statement(
  'enrollment.sandbox.insert',
  { record_id: 'int8' },
  `insert into sandbox_enrollment (record_id, practice_id, persona)
   select r.record_id, r.practice_id, $3 from record r
   join practice p on p.practice_id = r.practice_id and p.kind = 'sandbox'
   where r.record_id = $1 and r.practice_id = $2 and r.state = 'active'
   on conflict do nothing returning record_id`,
);

/** Milliseconds before the expiry of a published letter at which it is renewed. */
const RENEW_BEFORE = minutes(30 * 24 * 60);
const dueTimes = (now: Date) => [later(now, -RESET_AFTER), later(now, RENEW_BEFORE)];

/**
 * Marks the patient of a record as one with whom visitors try enrollment.
 * @returns false if the patient is marked already, or isn't an active patient of a sandbox practice
 */
export const markSandboxPatient = async (
  tx: Executor,
  { recordId, practiceId, persona }: Pick<SandboxPatient, 'recordId' | 'practiceId' | 'persona'>,
): Promise<boolean> => (await tx.query(insert, [recordId, practiceId, persona])).length > 0;

/** Finds the marked sandbox patient of a record; undefined for all other records. */
export const findSandboxPatient = async (db: Executor, recordId: RecordId): Promise<SandboxPatient | undefined> =>
  firstPatient(await db.query(byRecord, [recordId]));

/**
 * Finds the marked sandbox patient whose published letter has this code, also while the letter doesn't work.
 * @param hash SHA-256 of the letter code
 */
export const findSandboxPatientByLetter = async (db: Executor, hash: Buffer): Promise<SandboxPatient | undefined> =>
  firstPatient(await db.query(byLetter, [hash]));

/** Lists the marked sandbox patients. There are as many as the sandbox has scenarios for enrollment. */
export const listSandboxPatients = async (db: Executor): Promise<readonly SandboxPatient[]> =>
  (await db.query(all)).map(toPatient);

/** Lists the marked sandbox patients that are due to return to their start. */
export const listDueSandboxPatients = async (db: Executor, now: Date): Promise<readonly SandboxPatient[]> =>
  (await db.query(due, dueTimes(now))).map(toPatient);

/**
 * Locks a marked sandbox patient until the transaction ends. Call it after `lockRecordEnrollment`. Returns undefined if
 * the patient isn't due any more, because another process has reset it.
 */
export const lockDueSandboxPatient = async (
  tx: Executor,
  recordId: RecordId,
  now: Date,
): Promise<SandboxPatient | undefined> => firstPatient(await tx.query(lockDue, [...dueTimes(now), recordId]));

/**
 * Notes that a record's enrollment changed, in the transaction of the change. Does nothing unless the patient is marked.
 * @param restart whether the time until the reset starts again, so that a visitor has it in full after enrolling
 */
export async function noteSandboxChange(tx: Executor, recordId: RecordId, now: Date, restart: boolean): Promise<void> {
  await tx.query(note, [recordId, now, restart]);
}

const firstPatient = ([row]: readonly RowOf<typeof COLUMNS>[]): SandboxPatient | undefined =>
  row === undefined ? undefined : toPatient(row);

const toPatient = (row: RowOf<typeof COLUMNS>): SandboxPatient => ({
  recordId: row.record_id as RecordId,
  practiceId: row.practice_id as PracticeId,
  persona: row.persona,
  accountId: (row.account_id ?? undefined) as AccountId | undefined,
  inUseUntil: row.changed_at === null ? undefined : later(row.changed_at, RESET_WITHIN),
  timeZone: row.time_zone,
});
