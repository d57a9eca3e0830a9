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

/** Wraps a database to record the texts of all statements that aren't declared, such as those of searches. */
export function recordTexts(db: Database, texts: Set<string>): Database {
  const recording = <Of extends Executor>(of: Of): Of => ({
    ...of,
    queryText(text, parameters, name) {
      texts.add(text);
      return of.queryText(text, parameters, name);
    },
  });
  return {
    ...recording(db),
    withLimits: (limits) => recording(db.withLimits(limits)),
    dedicatedConnection: (options) => recording(db.dedicatedConnection(options)),
  };
}
