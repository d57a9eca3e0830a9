import { type Executor, statement } from '../../../database/index.ts';
import { lowerRecordsVersionSql } from '../../../practices/index.ts';
import { INDEX_VERSION } from '../index/index-definitions.ts';

/**
 * Also lowers `indexed_by` if this release has an older index than the row claims, so that a newer release indexes the
 * record again.
 */
const raise = statement(
  'fhir.raise-version',
  {},
  `with raised as (
     update record set version = greatest(version + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint),
       indexed_by = least(indexed_by, ${INDEX_VERSION})
     where record_id = $1 returning practice_id, indexed_by as version)
   ${lowerRecordsVersionSql('indexed_by', 'raised')}`,
);

/**
 * Raises a record's version. Call it for every write that can change search results, in the same transaction. A version
 * is a time in microseconds, or one more than the previous version. A version number that a server has seen can
 * therefore never return with other rows, even after the database was restored from a backup.
 */
export async function raiseRecordVersion(tx: Executor, recordId: number): Promise<void> {
  await tx.query(raise, [recordId]);
}
