import { type Executor, statement } from '../database/index.ts';
import type { PracticeId } from '../kernel/index.ts';

/** Data derived from stored resources: index values, or the converted text for another FHIR version. */
export type DerivedData = 'indexed_by' | 'converted_by';

/** The versions of a practice's derived data. */
export interface PracticeUpgradeState {
  /** The lowest version of the practice's records. */
  readonly records: number;
  /** The version of its directory. */
  readonly directory: number;
}

const createStatements = (column: DerivedData) => ({
  behind: statement(
    `fhir.practices-behind-${column}`,
    { practice_id: 'int4', records: 'int4', directory: 'int4' },
    `select practice_id, records_${column} as records, ${column} as directory from practice
     where records_${column} < $1 or ${column} < $1 order by practice_id`,
  ),
  markDirectory: statement(
    `fhir.mark-directory-${column}`,
    {},
    `update practice set ${column} = $2 where practice_id = $1`,
  ),
});
const STATEMENTS = { indexed_by: createStatements('indexed_by'), converted_by: createStatements('converted_by') };

/**
 * Returns the practices with outdated data. Cheap, because there are few practices however many resources they have.
 */
export async function findOutdatedPractices(
  db: Executor,
  { of, version }: { readonly of: DerivedData; readonly version: number },
): Promise<ReadonlyMap<PracticeId, PracticeUpgradeState>> {
  const rows = await db.query(STATEMENTS[of].behind, [version]);
  return new Map(rows.map(({ practice_id, ...state }) => [practice_id as PracticeId, state]));
}

/** Records the version of a practice's directory. */
export async function markDirectoryCurrent(
  tx: Executor,
  of: DerivedData,
  practiceId: number,
  version: number,
): Promise<void> {
  await tx.query(STATEMENTS[of].markDirectory, [practiceId, version]);
}

/**
 * SQL: lowers the version of the practices' records to that of the records in `from`, which has the columns practice_id
 * and version. As part of the statement that writes these records, a newer release always finds them.
 */
export const lowerRecordsVersionSql = (column: DerivedData, from: string): string =>
  `update practice p set records_${column} = r.version from ${from} r
   where p.practice_id = r.practice_id and p.records_${column} > r.version`;

/** SQL: raises the version of the records of practice $1 to $2 if the condition holds. */
export const raiseRecordsVersionSql = (column: DerivedData, condition: string): string =>
  `update practice set records_${column} = $2 where practice_id = $1 and ${condition} returning true as settled`;
