import type { Database } from '../../src/database/index.ts';

/** The database, and the names of the statements it was asked outside transactions, in their order. */
export function counted(db: Database): { readonly db: Database; readonly asked: string[] } {
  const asked: string[] = [];
  const counting: Database = {
    ...db,
    query(statement, parameters) {
      asked.push(statement.name);
      return db.query(statement, parameters);
    },
  };
  return { db: counting, asked };
}
