import {
  type ColumnDeclaration,
  type Executor,
  type RowOf,
  type SqlStatement,
  statement,
} from '../../../database/index.ts';

/**
 * Row counts for which a prepared statement exists. PostgreSQL plans each statement once per connection. Any number of
 * rows can be written by several of these statements.
 */
const SIZES = [32, 16, 8, 4, 2, 1];

/** One statement for several rows, prepared once for each row count. The largest count comes first. */
export type BatchStatement<Row = unknown> = readonly { readonly size: number; readonly run: SqlStatement<Row> }[];

/**
 * Prepares a statement for each row count.
 * @param columns columns of the rows that the statement returns; `{}` if it returns none
 * @param textOf returns the SQL for a number of rows; its parameters are the values of all rows, one row after the
 * other
 */
export const createBatchStatement = <const Columns extends Readonly<Record<string, ColumnDeclaration>>>(
  name: string,
  columns: Columns,
  textOf: (rows: number) => string,
): BatchStatement<RowOf<Columns>> =>
  SIZES.map((size) => ({ size, run: statement(`${name}-${size}`, columns, textOf(size)) }));

/**
 * Runs a statement for any number of rows. PostgreSQL executes the statements of a transaction in the order in which
 * they are sent, so each one is sent without waiting for the result of the one before. When the function succeeds or
 * fails, no statement is still running.
 * @returns what all statements return
 */
export async function runBatches<Row>(
  tx: Executor,
  batches: BatchStatement<Row>,
  rows: readonly (readonly unknown[])[],
): Promise<readonly Row[]> {
  const sent: Promise<readonly Row[]>[] = [];
  let start = 0;
  for (const { size, run } of batches) {
    for (; rows.length - start >= size; start += size) sent.push(tx.query(run, rows.slice(start, start + size).flat()));
  }
  await Promise.allSettled(sent);
  return (await Promise.all(sent)).flat();
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
