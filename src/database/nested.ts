import type { Database, Executor } from './statement.ts';
import { underWay } from './under-way.ts';

/**
 * A database inside a transaction that is under way: what is a transaction of it is a part (savepoint) of that one, undone
 * by itself when it fails and committed with the whole. One at a time: parts of one transaction stand in a row. What is
 * asked of a part after its end is refused, as of any transaction.
 */
export const nested = (tx: Executor): Database => ({
  query: (statement, parameters) => tx.query(statement, parameters),
  queryText: (text, parameters, name) => tx.queryText(text, parameters, name),
  async transaction(work) {
    await tx.queryText('savepoint part', []);
    const statements = underWay();
    try {
      const result = await work({
        query: (statement, parameters) => statements.run(() => tx.query(statement, parameters)),
        queryText: (text, parameters, name) => statements.run(() => tx.queryText(text, parameters, name)),
      });
      await statements.end();
      await tx.queryText('release savepoint part', []);
      return result;
    } catch (error) {
      await statements.end();
      await tx.queryText('rollback to savepoint part', []);
      // Otherwise it would stand for a part around this one, which has the same name.
      await tx.queryText('release savepoint part', []);
      throw error;
    }
  },
  // All that there is of it is in the one transaction.
  apart: () => tx,
  within: () => tx,
  close: async () => {},
});
