import type { Database, Executor } from './statement.ts';
import { trackStatements } from './statement-tracker.ts';

/** The transactions of savepoints. */
const transactions = new WeakMap<Executor, Executor>();

/** Returns the transaction of a savepoint, and itself for any other executor. */
export const transactionOf = (tx: Executor): Executor => transactions.get(tx) ?? tx;

/**
 * Returns a database inside a running transaction. Its transactions are savepoints. A savepoint that fails is rolled
 * back alone; all other savepoints are committed with the surrounding transaction. Savepoints must run one at a time.
 * Statements of a savepoint that has ended are rejected, as for any transaction.
 */
export function withSavepoints(tx: Executor): Database {
  const database: Database = {
    query: (statement, parameters) => tx.query(statement, parameters),
    queryText: (text, parameters, name) => tx.queryText(text, parameters, name),
    async transaction(work) {
      await tx.queryText('savepoint part', []);
      const statements = trackStatements();
      const savepoint: Executor = {
        query: (statement, parameters) => statements.run(() => tx.query(statement, parameters)),
        queryText: (text, parameters, name) => statements.run(() => tx.queryText(text, parameters, name)),
      };
      transactions.set(savepoint, transactionOf(tx));
      try {
        const result = await work(savepoint);
        await statements.end();
        await tx.queryText('release savepoint part', []);
        return result;
      } catch (error) {
        await statements.end();
        // If the rollback fails, the surrounding transaction can only be rolled back. The first error says why.
        await rollBack(tx).catch(() => {});
        throw error;
      }
    },
    // A further connection would run statements outside of the surrounding transaction. The executor of the transaction
    // is therefore returned instead.
    dedicatedConnection: () => tx,
    withLimits: () => tx,
    close: async () => {},
  };
  transactions.set(database, transactionOf(tx));
  return database;
}

async function rollBack(tx: Executor): Promise<void> {
  await tx.queryText('rollback to savepoint part', []);
  // The savepoint is released after its rollback. Otherwise the next rollback of a surrounding savepoint, which has the
  // same name, would roll back only to this one.
  await tx.queryText('release savepoint part', []);
}
