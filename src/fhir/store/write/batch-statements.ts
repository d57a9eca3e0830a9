import { type Executor, type SqlStatement, statement } from '../../../database/index.ts';

/**
 * Row counts that have a prepared statement. PostgreSQL plans each once per connection, and every number of rows is a
 * sum of these sizes.
 */
const SIZES = [32, 16, 8, 4, 2, 1];

/** The same multi-row statement prepared for each size, largest size first. */
export type BatchStatement = readonly { readonly size: number; readonly run: SqlStatement<unknown> }[];

/**
 * Prepares a statement for each batch size.
 * @param textOf builds the SQL for a number of rows; its parameters are the rows' values, row by row. The statement
 * returns nothing.
 */
export const createBatchStatement = (name: string, textOf: (rows: number) => string): BatchStatement =>
  SIZES.map((size) => ({ size, run: statement(`${name}-${size}`, {}, textOf(size)) }));

/**
 * Runs the statement for all rows. Statements of one transaction execute in the order they are sent, so each is sent
 * without waiting for the previous result. When this function settles, successfully or not, no statement is still in
 * flight.
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
 * Builds `($1::bigint, $2::text), ($3::bigint, $4::text)`. A VALUES list is the form that a distributed database can
 * route row by row.
 */
export function valuesListSql(count: number, casts: readonly string[]): string {
  const rows = Array.from({ length: count }, (_, row) => {
    const cells = casts.map((cast, column) => `$${row * casts.length + column + 1}::${cast}`);
    return `(${cells.join(', ')})`;
  });
  return rows.join(', ');
}
