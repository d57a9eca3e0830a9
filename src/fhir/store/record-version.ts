import { type Executor, statement } from '../../database/index.ts';
import { INDEXER } from './index-table.ts';

/** A release with an older index says that what it writes is behind. */
const raise = statement(
  'fhir.raise-version',
  {},
  `with raised as (
     update record set version = greatest(version + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint),
       indexed_by = least(indexed_by, ${INDEXER})
     where record_id = $1 returning practice_id, indexed_by)
   update practice p set records_indexed_by = r.indexed_by from raised r
   where p.practice_id = r.practice_id and p.records_indexed_by > r.indexed_by`,
);

/**
 * For each write of what searches of the record find, in the transaction of the write. A version is a time in microseconds,
 * or one more than the version before: one that a server has seen does not come again with other rows, even after the
 * database was brought back to an earlier state.
 */
export async function raiseVersion(tx: Executor, recordId: number): Promise<void> {
  await tx.query(raise, [recordId]);
}
