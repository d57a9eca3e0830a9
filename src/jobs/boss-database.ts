import type { Db } from 'pg-boss';
import type { Executor } from '../database/index.ts';

/**
 * Lets pg-boss use our pool, and no connection of its own. It runs single statements or whole transactions as one text,
 * unnamed and without session state, so a pooler in transaction mode may stand between.
 */
export const toBossDatabase = (db: Pick<Executor, 'queryText'>): Db => ({
  executeSql: async (text, values = []) => ({ rows: await db.queryText(text, values) }),
});
