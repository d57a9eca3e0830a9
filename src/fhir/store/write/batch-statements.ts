import { type Executor, type SqlStatement, statement } from '../../../database/index.ts';

/**
 * Row counts for which a prepared statement exists. PostgreSQL plans each statement once per connection. Any number of
 * rows can be written by several of these statements.
 */
const SIZES = [32, 16, 8, 4, 2, 1];

/** One statement for several rows, prepared once for each row count. The largest count comes first. */
export type BatchStatement = readonly { readonly size: number; readonly run: SqlStatement<unknown> }[];

/**
 * Prepares a statement for each row count.
 * @param textOf returns the SQL for a number of rows; its parameters are the values of all rows, one row after the
 * other. The statement must not return rows.
 */
export const createBatchStatement = (name: string, textOf: (rows: number) => string): BatchStatement =>
  SIZES.map((size) => ({ size, run: statement(`${name}-${size}`, {}, textOf(size)) }));

/**
 * Runs a statement for any number of rows. PostgreSQL executes the statements of a transaction in the order in which
 * they are sent, so each one is sent without waiting for the result of the one before. When the function succeeds or
 * fails, no statement is still running.
 */
export async function runBatches(
  tx: Executor,
  batches: BatchStatement,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const sent: Promise<unknown>[] = [];
  let start = 0;
  for (const { size, run } of batches) {
    for (; rows.length - start >= size; start += size) sent.push(tx.query(run, rows.slice(start, start + size).flat()));
  }
  await Promise.allSettled(sent);
  await Promise.all(sent);
}

/**
 * Builds the rows of a VALUES list, such as `($1::bigint, $2::text), ($3::bigint, $4::text)`. A distributed database
 * can send each row of such a list to the node that stores it.
 */
export function valuesListSql(count: number, casts: readonly string[]): string {
  const rows = Array.from({ length: count }, (_, row) => {
    const cells = casts.map((cast, column) => `$${row * casts.length + column + 1}::${cast}`);
    return `(${cells.join(', ')})`;
  });
  return rows.join(', ');
}
