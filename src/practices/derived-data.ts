import { type Executor, statement } from '../database/index.ts';
import type { PracticeId } from '../kernel/index.ts';

/**
 * Kinds of data that the server derives from stored resources. `indexed_by`: values of the search index.
 * `conversion_version`: resources converted to DSTU2. The indexer and the converter have a version number each. A
 * release that changes their results raises the number, and stored resources are then indexed or converted again.
 */
export type DerivedData = 'indexed_by' | 'conversion_version';

/** The versions of the indexer, or of the DSTU2 converter, that last processed a practice's data. */
export interface PracticeUpgradeState {
  /**
   * Version of the indexer or converter that last processed the practice's patient records. If the versions of the
   * records differ, it is the lowest one.
   */
  readonly records: number;
  /**
   * Version of the indexer or converter that last processed the practice's directory: its practitioners, organizations
   * and locations.
   */
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
const STATEMENTS = {
  indexed_by: createStatements('indexed_by'),
  conversion_version: createStatements('conversion_version'),
};

/**
 * Returns the practices with data that an older version of the indexer or converter processed. The query is cheap,
 * because it reads one row for each practice and no resources.
 */
export async function findOutdatedPractices(
  db: Executor,
  { of, version }: { readonly of: DerivedData; readonly version: number },
): Promise<ReadonlyMap<PracticeId, PracticeUpgradeState>> {
  const rows = await db.query(STATEMENTS[of].behind, [version]);
  return new Map(rows.map(({ practice_id, ...state }) => [practice_id as PracticeId, state]));
}

/** Stores which version of the indexer or converter has processed a practice's directory. */
export async function markDirectoryCurrent(
  tx: Executor,
  of: DerivedData,
  practiceId: number,
  version: number,
): Promise<void> {
  await tx.query(STATEMENTS[of].markDirectory, [practiceId, version]);
}

/**
 * SQL for a statement that writes patient records. It lowers the indexer version of their practices to the version of
 * the written records. If an older release writes records during an upgrade, the newer release therefore
 * finds and processes them.
 * @param from name of a CTE with the columns practice_id and version
 */
export const lowerIndexVersionSql = (from: string): string =>
  `update practice p set records_indexed_by = r.version from ${from} r
   where p.practice_id = r.practice_id and p.records_indexed_by > r.version`;

/**
 * SQL for a statement that stores converted resources of patient records. It lowers the converter version of their
 * practices, as `lowerIndexVersionSql` does. It also sets the version that an earlier release reads to 0. That release
 * stores converted resources elsewhere, so it has to convert them for itself.
 * @param from name of a CTE with the columns practice_id and version
 */
export const lowerConversionVersionSql = (from: string): string =>
  `update practice p
   set records_conversion_version = least(p.records_conversion_version, r.version), records_converted_by = 0 from ${from} r
   where p.practice_id = r.practice_id and (p.records_conversion_version > r.version or p.records_converted_by > 0)`;

/**
 * SQL that stores `$2` as the indexer or converter version of the patient records of practice `$1`, if a condition
 * holds.
 * @param condition SQL expression, such as that no record of the practice has an older version
 */
export const raiseRecordsVersionSql = (column: DerivedData, condition: string): string =>
  `update practice set records_${column} = $2 where practice_id = $1 and ${condition} returning true as settled`;
