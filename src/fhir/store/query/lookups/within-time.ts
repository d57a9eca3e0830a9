import type { Database, Executor } from '../../../../database/index.ts';

/** SQLSTATE of a statement that exceeded its time limit. */
const QUERY_CANCELED = '57014';

/**
 * Runs statements in a transaction with a time limit in milliseconds for each of them.
 * @returns undefined if a statement exceeded the limit
 */
export async function withinTime<Result>(
  db: Database,
  milliseconds: number,
  work: (tx: Executor) => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await db.transaction(async (tx) => {
      await tx.queryText("select set_config('statement_timeout', $1, true)", [String(milliseconds)]);
      return work(tx);
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === QUERY_CANCELED) return undefined;
    throw error;
  }
}
