import { type Executor, statement } from '../../../database/index.ts';
import { lowerIndexVersionSql } from '../../../practices/index.ts';
import { INDEX_VERSION } from '../index/index-definitions.ts';

/**
 * Raises the version of a patient record. If `indexed_by` is higher than the index version of this release, it is
 * lowered to that version, so that a newer release indexes the record again.
 */
const raise = statement(
  'fhir.raise-version',
  {},
  `with raised as (
     update record set version = greatest(version + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint),
       indexed_by = least(indexed_by, ${INDEX_VERSION})
     where record_id = $1 returning practice_id, indexed_by as version)
   ${lowerIndexVersionSql('raised')}`,
);

/**
 * Raises the version of a patient record. Every write that can change search results must do this, in its transaction.
 * The version is the time in microseconds or, if that isn't higher, the previous version plus one. A version number
 * that a server has cached can therefore never belong to other data, not even after the database was restored from a
 * backup.
 */
export async function raiseRecordVersion(tx: Executor, recordId: number): Promise<void> {
  await tx.query(raise, [recordId]);
}
