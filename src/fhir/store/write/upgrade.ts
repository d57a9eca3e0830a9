import { type Database, type Executor, statement } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';
import { type DerivedData, findOutdatedPractices, raiseRecordsVersionSql } from '../../../practices/index.ts';
import { lockPractice } from './locks.ts';

/**
 * Brings derived data that an earlier release wrote up to a version. Each call returns once its compartment is at that
 * version.
 */
export interface StoreUpgrade {
  readonly of: DerivedData;
  readonly version: number;
  /** @returns the number of outdated resources */
  record(db: Database, recordId: RecordId): Promise<number>;
  directory(db: Database, practiceId: PracticeId): Promise<number>;
}

const createUpgradeStatements = (column: DerivedData) => ({
  record: statement(`fhir.record-behind-${column}`, {}, `select from record where record_id = $1 and ${column} < $2`),
  count: statement(
    `fhir.records-behind-count-${column}`,
    { count: 'int8' },
    `select count(*) from record where practice_id = $1 and ${column} < $2`,
  ),
  next: statement(
    `fhir.records-behind-${column}`,
    { record_id: 'int8' },
    `select record_id from record where practice_id = $1 and record_id > $2 and ${column} < $3 order by record_id limit 500`,
  ),
  markRecord: statement(`fhir.mark-record-${column}`, {}, `update record set ${column} = $2 where record_id = $1`),
  settle: statement(
    `fhir.settle-practice-${column}`,
    { settled: 'bool' },
    raiseRecordsVersionSql(column, `not exists (select from record where practice_id = $1 and ${column} < $2)`),
  ),
});
const STATEMENTS = {
  indexed_by: createUpgradeStatements('indexed_by'),
  converted_by: createUpgradeStatements('converted_by'),
};

export async function isRecordOutdated(
  db: Executor,
  { of, version }: StoreUpgrade,
  recordId: RecordId,
): Promise<boolean> {
  return (await db.query(STATEMENTS[of].record, [recordId, version])).length > 0;
}

/** Marks a record as current. Call it in the transaction, and under the lock, that found nothing outdated. */
export async function markRecordCurrent(
  tx: Executor,
  of: DerivedData,
  recordId: number,
  version: number,
): Promise<void> {
  await tx.query(STATEMENTS[of].markRecord, [recordId, version]);
}

/**
 * Marks all records of a practice as current if none is outdated.
 * @returns whether none is outdated
 */
export async function markPracticeCurrent(
  db: Database,
  { of, version }: StoreUpgrade,
  practiceId: PracticeId,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    // Writers at the practice hold the same lock, so no record can become outdated meanwhile.
    await lockPractice(tx, practiceId);
    return (await tx.query(STATEMENTS[of].settle, [practiceId, version])).length > 0;
  });
}

export interface UpgradeProgress {
  /** Called with the number of records done and the number of outdated records of the current practice. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
  readonly stopped?: (() => boolean) | undefined;
}

/**
 * Upgrades all practices, record by record, in transactions of a few hundred resources so that imports can continue. It
 * can be stopped at any time and run in several processes at once; each continues with whatever is still outdated.
 * @returns the number of outdated resources
 */
export async function upgradeAll(db: Database, upgrade: StoreUpgrade, progress: UpgradeProgress = {}): Promise<number> {
  let upgraded = 0;
  for (const [practiceId, state] of await findOutdatedPractices(db, upgrade)) {
    if (progress.stopped?.()) break;
    if (state.directory < upgrade.version) upgraded += await upgrade.directory(db, practiceId);
    if (state.records < upgrade.version) upgraded += await upgradeRecords(db, upgrade, practiceId, progress);
  }
  return upgraded;
}

async function upgradeRecords(
  db: Database,
  upgrade: StoreUpgrade,
  practiceId: PracticeId,
  { onProgress, stopped }: UpgradeProgress,
): Promise<number> {
  const { count, next } = STATEMENTS[upgrade.of];
  const [{ count: all } = { count: 0 }] = await db.query(count, [practiceId, upgrade.version]);
  let [upgraded, done, last] = [0, 0, 0];
  let failed: { readonly error: unknown } | undefined;
  for (;;) {
    const records = await db.query(next, [practiceId, last, upgrade.version]);
    if (records.length === 0) break;
    for (const { record_id } of records) {
      if (stopped?.()) return upgraded;
      try {
        upgraded += await upgrade.record(db, record_id as RecordId);
        done += 1;
      } catch (error) {
        failed ??= { error };
      }
    }
    last = records.at(-1)?.record_id ?? last;
    onProgress?.(done, all);
  }
  // One record that fails, or stays locked for long, must not block the upgrade of the others.
  if (failed !== undefined) throw failed.error;
  await markPracticeCurrent(db, upgrade, practiceId);
  return upgraded;
}
