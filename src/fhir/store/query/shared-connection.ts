import type { Executor } from '../../../database/index.ts';

/** A connection that the short pages of all requests share. */
export interface SharedConnection {
  /** Returns the shared connection, or `own` while a slow statement holds up those after it. */
  executor(own: Executor): Executor;
}

/**
 * Milliseconds without a result after which statements count as held up. A short page from memory takes less than one,
 * and a page whose 50 resources are on a slow disk takes longer.
 */
const HELD_UP_AFTER_MS = 20;

/**
 * Lets several requests share a connection for short statements. They are sent together, and one process of PostgreSQL
 * runs them with warm caches. It runs one at a time, so statements that come while one is slow don't join it.
 */
export function shareConnection(connection: Executor): SharedConnection {
  let running = 0;
  /** When the latest statement ended, or the first of those that run was sent. */
  let heardAt = 0;

  async function track<Rows>(statement: () => Promise<Rows>): Promise<Rows> {
    if (running === 0) heardAt = performance.now();
    running += 1;
    try {
      return await statement();
    } finally {
      running -= 1;
      heardAt = performance.now();
    }
  }

  const shared: Executor = {
    query: (statement, parameters) => track(() => connection.query(statement, parameters)),
    queryText: (text, parameters, name) => track(() => connection.queryText(text, parameters, name)),
  };
  return {
    executor: (own) => (running > 0 && performance.now() - heardAt > HELD_UP_AFTER_MS ? own : shared),
  };
}
