import type { Database, Executor } from './statement.ts';

/**
 * A database inside a transaction that is under way: what is a transaction of it is a part (savepoint) of that one, undone
 * by itself when it fails and committed with the whole. One at a time: parts of one transaction stand in a row.
 */
export const nested = (tx: Executor): Database => ({
  query: (statement, parameters) => tx.query(statement, parameters),
  queryText: (text, parameters, name) => tx.queryText(text, parameters, name),
  async transaction(work) {
    await tx.queryText('savepoint part', []);
    try {
      const result = await work(tx);
      await tx.queryText('release savepoint part', []);
      return result;
    } catch (error) {
      await tx.queryText('rollback to savepoint part', []);
      // Otherwise it would stand for a part around this one, which has the same name.
      await tx.queryText('release savepoint part', []);
      throw error;
    }
  },
  close: async () => {},
});
