import { type Executor, statement } from '../../database/index.ts';

const raise = statement(
  'fhir.raise-version',
  {},
  `update record set version = greatest(version + 1, (extract(epoch from clock_timestamp()) * 1000000)::bigint)
   where record_id = $1`,
);

/**
 * For each write of what searches of the record find, in the transaction of the write. A version is a time in microseconds,
 * or one more than the version before: one that a server has seen does not come again with other rows, even after the
 * database was brought back to an earlier state.
 */
export async function raiseVersion(tx: Executor, recordId: number): Promise<void> {
  await tx.query(raise, [recordId]);
}
