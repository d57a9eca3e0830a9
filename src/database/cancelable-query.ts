import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { sendCancel } from './cancel-request.ts';
import type { PreparedQuery } from './prepared-query.ts';
import { type QueryResult, runOnClient } from './run-query.ts';

/**
 * Conditions under which a statement is canceled: it exceeds its time limit, or the signal aborts because the caller no
 * longer waits for the result.
 */
export interface QueryLimits {
  /** Time limit in milliseconds. The default is the statement timeout of the connection. */
  readonly milliseconds?: number | undefined;
  readonly signal: AbortSignal;
  /**
   * Whether the statement writes. After a cancel request, its result then counts as an error: the request may have ended
   * the wait for a synchronous standby, and PostgreSQL reports success all the same.
   */
  readonly writes?: boolean;
}

/**
 * Runs one statement on a pooled connection. Cancels the statement when its time limit is over or the signal aborts. A
 * cancel request affects whatever statement the connection runs when the request arrives. The connection therefore
 * returns to the pool only when every cancel request is known to have been processed; otherwise a request could cancel
 * another caller's statement. PgBouncer treats its server connections the same way.
 */
export async function queryWithLimits(
  pool: pg.Pool,
  query: PreparedQuery | pg.QueryConfig,
  { milliseconds, signal, writes = false }: QueryLimits,
): Promise<QueryResult> {
  signal.throwIfAborted();
  const client = await pool.connect();
  // Without an error listener, a lost connection would end the process. The running query fails by itself.
  client.on('error', ignore);
  let cancelled: Promise<boolean> | undefined;
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
  const cancel = (): void => {
    cancelled ??= cancelUntilSettled(settled, client);
  };
  const timer = milliseconds === undefined ? undefined : setTimeout(cancel, milliseconds);
  signal.addEventListener('abort', cancel);
  try {
    signal.throwIfAborted();
    const result = await runOnClient(client, query);
    if (writes && cancelled !== undefined) throw canceled();
    return result;
  } catch (error) {
    // If the statement was canceled because its caller is gone, the error is the abort reason instead of a database
    // error.
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    settle();
    const isFree = (await cancelled) ?? true;
    client.off('error', ignore);
    client.release(!isFree);
  }
}

/** The error of a canceled statement, as PostgreSQL reports it: SQLSTATE query_canceled. */
export const canceled = (): Error =>
  Object.assign(new Error('canceling statement due to user request'), { code: '57014' });

const ignore = (): void => {};

/**
 * Milliseconds until another cancel request is sent for a statement that still runs. The first request may have arrived
 * before the statement did.
 */
const CANCEL_RETRY_AFTER = 250;

/**
 * Sends cancel requests until the statement has ended.
 * @returns whether all cancel requests are known to have been processed
 */
async function cancelUntilSettled(settled: Promise<void>, client: pg.PoolClient): Promise<boolean> {
  let isDone = false;
  let isKnown = true;
  void settled.then(() => {
    isDone = true;
  });
  do {
    isKnown = (await sendCancel(client)) && isKnown;
    if (!isDone) await Promise.race([settled, pause(CANCEL_RETRY_AFTER)]);
  } while (!isDone);
  return isKnown;
}
