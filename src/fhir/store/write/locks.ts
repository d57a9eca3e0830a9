import { type Executor, statement } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';
import type { IdRegistryState } from '../../../practices/index.ts';
import { rememberRegistry } from '../id-registry/registry-state.ts';
import { registerWriteTime } from './write-times.ts';

/**
 * The lock of a practice is an advisory lock with two keys: the id of the practice, and 0. A waiting exclusive lock keeps
 * later shared ones waiting too, so it isn't postponed forever.
 *
 * Processes of the previous release lock the row of the practice for update. A shared lock therefore also locks the row
 * for key share, and an exclusive one for update. Otherwise they could write at the same time.
 */
const lockShared = statement(
  'fhir.lock-practice-shared',
  { waited: 'bool' },
  'select pg_advisory_xact_lock_shared($1, 0) is not null as waited',
);
const tryLock = statement(
  'fhir.try-lock-practice',
  { state: 'text' },
  `select case when pg_try_advisory_xact_lock($1, 0) then 'locked'
     when exists (select 1 from pg_locks where pid = pg_backend_pid() and locktype = 'advisory' and classid = $1::oid
       and objid = 0 and objsubid = 2 and granted) then 'shared' else 'busy' end as state`,
);
const lockExclusive = statement(
  'fhir.lock-practice',
  { waited: 'bool' },
  'select pg_advisory_xact_lock($1, 0) is not null as waited',
);
const lockRowShared = statement(
  'fhir.lock-practice-row-shared',
  { id_registry: 'text' },
  'select id_registry from practice where practice_id = $1 for key share',
);
const lockRow = statement(
  'fhir.lock-practice-row',
  { id_registry: 'text' },
  'select id_registry from practice where practice_id = $1 for update',
);
const tryLockRow = statement(
  'fhir.try-lock-practice-row',
  { practice_id: 'int4' },
  'select practice_id from practice where practice_id = $1 for update skip locked',
);
const practiceOf = statement(
  'fhir.practice-of-record',
  { practice_id: 'int4' },
  'select practice_id from record where record_id = $1',
);
const record = statement('fhir.lock-record', {}, 'select from record where record_id = $1 for update');
const records = statement(
  'fhir.lock-records',
  {},
  'select from record where record_id = any($1::int8[]) order by record_id for update',
);

/** The lock of a practice that a transaction holds until it ends. */
export interface PracticeLock {
  /**
   * `exclusive`: no other transaction writes at the practice. `shared`: others write to other patient records, but not to
   * the directory, and no record is merged, separated or erased.
   */
  readonly mode: 'exclusive' | 'shared';
  /** Patient records that the transaction has locked. With a shared lock, it may write only to these and to new ones. */
  readonly records: Set<RecordId>;
}

/**
 * Thrown if a transaction with a shared lock of a practice finds that it needs the exclusive lock, or a further record.
 * To wait for it could cause a deadlock. The caller rolls the transaction back and repeats it with the exclusive lock.
 */
export class ExclusiveLockNeeded extends Error {
  override readonly name = 'ExclusiveLockNeeded';

  constructor() {
    super('the transaction must be repeated with the exclusive lock of the practice');
  }
}

/** SQLSTATE of the error with which PostgreSQL ends a deadlock. */
const DEADLOCK = '40P01';

/** Tells whether a transaction that had a shared lock must be repeated with the exclusive one. */
export const needsExclusiveLock = (error: unknown): boolean =>
  error instanceof ExclusiveLockNeeded || (error as { readonly code?: unknown } | null)?.code === DEADLOCK;

/** Locks a patient record until the transaction ends, so that transactions write to a record one after the other. */
export async function lockRecord(tx: Executor, recordId: RecordId): Promise<void> {
  await tx.query(record, [recordId]);
}

/** Locks patient records in the order of their ids, so that two transactions can't wait for each other. */
export async function lockRecords(tx: Executor, recordIds: readonly RecordId[]): Promise<void> {
  if (recordIds.length > 0) await tx.query(records, [recordIds]);
}

/**
 * Locks a practice until the transaction ends. Without this lock, two concurrent transactions could store the same
 * resource in two patient records.
 * @param now the current time, if the transaction writes resources; see `registerWriteTime`
 * @throws ExclusiveLockNeeded if the transaction has a shared lock of the practice and is not alone
 */
export async function lockPractice(tx: Executor, practiceId: PracticeId, now?: Date): Promise<void> {
  const [row] = await tx.query(tryLock, [practiceId]);
  if (row?.state === 'shared') throw new ExclusiveLockNeeded();
  if (row?.state === 'busy') await tx.query(lockExclusive, [practiceId]);
  remember(tx, practiceId, await tx.query(lockRow, [practiceId]));
  if (now !== undefined) await registerWriteTime(tx, practiceId, now);
}

/**
 * Locks a practice as `lockPractice` does, but never waits.
 * @returns false if another transaction holds a lock of the practice
 */
export async function tryLockPractice(tx: Executor, practiceId: PracticeId): Promise<boolean> {
  const [row] = await tx.query(tryLock, [practiceId]);
  return row?.state === 'locked' && (await tx.query(tryLockRow, [practiceId])).length > 0;
}

/**
 * Locks a practice until the transaction ends, so that no transaction with the exclusive lock runs meanwhile. Others with
 * a shared lock do.
 * @param now as in `lockPractice`
 */
export async function lockPracticeShared(tx: Executor, practiceId: PracticeId, now?: Date): Promise<void> {
  await tx.query(lockShared, [practiceId]);
  // PostgreSQL runs the statements in the order in which they are sent.
  const sent = [
    tx.query(lockRowShared, [practiceId]).then((rows) => remember(tx, practiceId, rows)),
    now === undefined ? undefined : registerWriteTime(tx, practiceId, now),
  ];
  await Promise.allSettled(sent);
  await Promise.all(sent);
}

function remember(tx: Executor, practiceId: PracticeId, rows: readonly { readonly id_registry: string }[]): void {
  for (const { id_registry } of rows) rememberRegistry(tx, practiceId, id_registry as IdRegistryState);
}

/**
 * Locks the practice of a patient record for shared use until the transaction ends: the directory can't change
 * meanwhile. The practice must be locked before the record, because imports use this order too. Otherwise transactions
 * could deadlock.
 */
export async function lockPracticeOf(tx: Executor, recordId: RecordId): Promise<void> {
  const [row] = await tx.query(practiceOf, [recordId]);
  if (row !== undefined) await lockPracticeShared(tx, row.practice_id as PracticeId);
}

/** @throws ExclusiveLockNeeded if a transaction with a shared lock has not locked a record that it is about to write */
export function requireLocked({ mode, records: locked }: PracticeLock, recordId: RecordId): void {
  if (mode === 'shared' && !locked.has(recordId)) throw new ExclusiveLockNeeded();
}
