import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../../src/database/index.ts';

export interface DisconnectReport {
  /** Number of statements that their callers aborted while they ran. */
  readonly cancelled: number;
  /** Number of statements that completed before their callers aborted them. */
  readonly answered: number;
  /** Errors of statements whose callers waited for the result. */
  readonly failures: readonly unknown[];
  /** Number of statements whose callers waited for the result. */
  readonly others: number;
}

/**
 * Runs statements whose callers disconnect at random moments, and others whose callers wait.
 * @param count minimum number of aborted statements
 */
export async function runDisconnects(db: Database, count: number): Promise<DisconnectReport> {
  const failures: unknown[] = [];
  let [begun, cancelled, answered, others, isOver] = [0, 0, 0, 0, false];
  const disconnected = new Error('gone');
  async function runAborted(): Promise<void> {
    while (cancelled < count) {
      begun += 1;
      const controller = new AbortController();
      // Every sixth caller waits long enough for the result, also on a busy machine.
      const moment = begun % 6 === 5 ? 10_000 : begun % 6;
      const timer = setTimeout(() => controller.abort(disconnected), moment);
      try {
        await db.withLimits({ signal: controller.signal }).queryText('select pg_sleep(0.003)', []);
        answered += 1;
      } catch (error) {
        if (error === disconnected) cancelled += 1;
        else failures.push(error);
      }
      clearTimeout(timer);
    }
  }
  async function runCompleted(): Promise<void> {
    const { signal } = new AbortController();
    while (!isOver) {
      others += 1;
      const own = others;
      try {
        const [row] = await db
          .withLimits({ signal })
          .queryText<{ own: number }>('select $1::int as own, pg_sleep(0.001)', [own]);
        if (row?.own !== own) failures.push(row);
      } catch (error) {
        failures.push(error);
        await pause(1);
      }
    }
  }
  const completing = Array.from({ length: 4 }, runCompleted);
  await Promise.all(Array.from({ length: 8 }, runAborted));
  isOver = true;
  await Promise.all(completing);
  return { cancelled, answered, failures, others };
}
