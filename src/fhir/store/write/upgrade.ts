import { type Database, type Executor, statement } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';
import { type DerivedData, findOutdatedPractices, raiseRecordsVersionSql } from '../../../practices/index.ts';
import { lockPractice } from './locks.ts';

/**
 * Upgrades one kind of derived data that an earlier release has stored: the search index, or the conversions to other
 * FHIR versions. After a call, the data of the record or directory has the version number `version`.
 */
export interface StoreUpgrade {
  readonly of: DerivedData;
  readonly version: number;
  /**
   * Upgrades one patient record.
   * @returns the number of its outdated resources
   */
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
    raiseRecordsVersionSql(column, `not exists (select 1 from record where practice_id = $1 and ${column} < $2)`),
  ),
});
const STATEMENTS = {
  indexed_by: createUpgradeStatements('indexed_by'),
  conversion_version: createUpgradeStatements('conversion_version'),
};

export async function isRecordOutdated(
  db: Executor,
  { of, version }: Pick<StoreUpgrade, 'of' | 'version'>,
  recordId: RecordId,
): Promise<boolean> {
  return (await db.query(STATEMENTS[of].record, [recordId, version])).length > 0;
}

/**
 * Marks a patient record as up to date. The caller must have found nothing outdated in the same transaction, under the
 * record's lock.
 */
export async function markRecordCurrent(
  tx: Executor,
  of: DerivedData,
  recordId: number,
  version: number,
): Promise<void> {
  await tx.query(STATEMENTS[of].markRecord, [recordId, version]);
}

/**
 * Marks a practice as up to date if none of its patient records is outdated.
 * @returns true if none is
 */
export async function markPracticeCurrent(
  db: Database,
  { of, version }: StoreUpgrade,
  practiceId: PracticeId,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    // Transactions that write at the practice wait for this lock, so no record can become outdated before the practice
    // is marked.
    await lockPractice(tx, practiceId);
    return (await tx.query(STATEMENTS[of].settle, [practiceId, version])).length > 0;
  });
}

export interface UpgradeProgress {
  /**
   * Reports the number of upgraded records of the current practice, and how many of its records were outdated at the
   * start.
   */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
  readonly stopped?: (() => boolean) | undefined;
}

/**
 * Upgrades all patient records and directories of all practices. Each transaction handles a few hundred resources, so
 * that imports can go on meanwhile. The upgrade can be stopped at any time and can run in several processes: each
 * process continues with what is still outdated.
 * @returns the number of outdated resources that were upgraded
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
  // The upgrade goes on if a record fails or stays locked for long. The first error is thrown at the end.
  if (failed !== undefined) throw failed.error;
  await markPracticeCurrent(db, upgrade, practiceId);
  return upgraded;
}
