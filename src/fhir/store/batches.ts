import { type Executor, type Statement, statement } from '../../database/index.ts';

/** Numbers of rows for which there are statements: each is planned once for a connection, and any number is a sum of some. */
const SIZES = [32, 16, 8, 4, 2, 1];

/** One statement for several rows, in its sizes, the largest first. */
export type BatchStatement = readonly { readonly size: number; readonly run: Statement<unknown> }[];

/** @param textOf SQL for so many rows, whose values are its parameters, row by row; it answers with nothing */
export const batchStatement = (name: string, textOf: (rows: number) => string): BatchStatement =>
  SIZES.map((size) => ({ size, run: statement(`${name}-${size}`, {}, textOf(size)) }));

/**
 * Runs it for all rows. Statements of one transaction run in the order in which they are sent, so the next is sent before
 * the last has answered. When this ends, in whatever way, none of them is under way.
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
 * `($1::bigint, $2::text), ($3::bigint, $4::text)`. As a VALUES list: it is the form that a distributed database can route
 * row by row.
 */
export function valuesList(count: number, casts: readonly string[]): string {
  const rows = Array.from({ length: count }, (_, row) => {
    const cells = casts.map((cast, column) => `$${row * casts.length + column + 1}::${cast}`);
    return `(${cells.join(', ')})`;
  });
  return rows.join(', ');
}
