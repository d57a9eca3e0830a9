import type { Executor, SqlStatement } from './statement.ts';

/**
 * Rows that one statement of a cleanup task deletes. After a long downtime, millions of rows may be due, and one statement
 * for all of them would exceed its time limit each time.
 */
export const ROWS_PER_DELETE = 2000;

/**
 * Repeats a statement that deletes at most `ROWS_PER_DELETE` rows and returns their number, until it finds fewer.
 * @returns the number of deleted rows
 */
export async function deleteInBatches(
  db: Executor,
  deleteSome: SqlStatement<{ readonly deleted: number }>,
  parameters: readonly unknown[],
): Promise<number> {
  let [all, some] = [0, 0];
  do {
    some = (await db.query(deleteSome, parameters))[0]?.deleted ?? 0;
    all += some;
  } while (some >= ROWS_PER_DELETE);
  return all;
}
