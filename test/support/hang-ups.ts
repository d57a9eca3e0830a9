import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../src/database/index.ts';

export interface HangUps {
  /** The number of statements that their callers aborted while they ran. */
  readonly cancelled: number;
  /** The number of statements that completed before. */
  readonly answered: number;
  /** The errors of statements that weren't aborted. */
  readonly failures: readonly unknown[];
  /** The number of statements that weren't aborted. */
  readonly others: number;
}

/**
 * Runs statements whose callers disconnect at random moments, and others whose callers wait.
 * @param count the minimum number of aborted statements
 */
export async function hangUps(db: Database, count: number): Promise<HangUps> {
  const failures: unknown[] = [];
  let [begun, cancelled, answered, others, isOver] = [0, 0, 0, 0, false];
  const gone = new Error('gone');
  async function leaver(): Promise<void> {
    while (cancelled < count) {
      begun += 1;
      const leaving = new AbortController();
      const timer = setTimeout(() => leaving.abort(gone), begun % 6);
      try {
        await db.within({ signal: leaving.signal }).queryText('select pg_sleep(0.003)', []);
        answered += 1;
      } catch (error) {
        if (error === gone) cancelled += 1;
        else failures.push(error);
      }
      clearTimeout(timer);
    }
  }
  async function stayer(): Promise<void> {
    const { signal } = new AbortController();
    while (!isOver) {
      others += 1;
      const own = others;
      try {
        const [row] = await db
          .within({ signal })
          .queryText<{ own: number }>('select $1::int as own, pg_sleep(0.001)', [own]);
        if (row?.own !== own) failures.push(row);
      } catch (error) {
        failures.push(error);
        await pause(1);
      }
    }
  }
  const staying = Array.from({ length: 4 }, stayer);
  await Promise.all(Array.from({ length: 8 }, leaver));
  isOver = true;
  await Promise.all(staying);
  return { cancelled, answered, failures, others };
}
