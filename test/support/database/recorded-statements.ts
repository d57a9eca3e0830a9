import type { Database, Executor } from '../../../src/database/index.ts';

/** Wraps a database to record the names of statements outside of transactions, in order. */
export function recordStatements(db: Database): { readonly db: Database; readonly statements: string[] } {
  const statements: string[] = [];
  const counting = <Of extends Executor>(of: Of): Of => ({
    ...of,
    query(statement, parameters) {
      statements.push(statement.name);
      return of.query(statement, parameters);
    },
  });
  return { db: { ...counting(db), dedicatedConnection: () => counting(db.dedicatedConnection()) }, statements };
}
