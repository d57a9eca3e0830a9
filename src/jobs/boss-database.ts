import type { Db } from 'pg-boss';
import type { Executor } from '../database/index.ts';

/**
 * Lets pg-boss run its SQL in our connection pool instead of on connections of its own. pg-boss sends a single
 * statement, or a whole transaction as one text. It uses neither named statements nor session state, so it also works
 * through a connection pooler in transaction mode, such as PgBouncer.
 */
export const toBossDatabase = (db: Pick<Executor, 'queryText'>): Db => ({
  executeSql: async (text, values = []) => ({ rows: await db.queryText(text, values) }),
});
