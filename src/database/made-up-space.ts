import { type Database, type Executor, type SqlStatement, statement } from './statement.ts';

const setSpace = statement(
  'database.set-space',
  { space: 'text' },
  "select set_config('patient_access.space', $1, true) as space",
);

/**
 * A set of made-up organizations, apps and practices: the copies of one sandbox visitor, by id, or the examples that are
 * the same for everyone.
 */
export type MadeUpSpace = { readonly visitorId: string } | 'examples';

/** The methods of a database that statements in a made-up space may use. */
export type SpaceDatabase = Pick<Database, 'query' | 'queryText' | 'transaction'>;

/**
 * Returns a database in which the views `app`, `organisation`, `branded_practice`, `practice_brand` and `brands_version`
 * contain the made-up rows of one space and nothing else. Rows that are added there belong to the space. In any other
 * transaction the views contain real rows only.
 *
 * Each statement runs in a transaction, because the space must end with it: the pooled connection serves other requests
 * afterward.
 */
export function inMadeUpSpace(db: Pick<Database, 'transaction'>, space: MadeUpSpace): SpaceDatabase {
  const transaction = <Result>(work: (tx: Executor) => Promise<Result>): Promise<Result> =>
    db.transaction(async (tx) => {
      await enterMadeUpSpace(tx, space);
      return work(tx);
    });
  return {
    transaction,
    query: <Row>(sql: SqlStatement<Row>, parameters?: readonly unknown[]) =>
      transaction((tx) => tx.query(sql, parameters)),
    queryText: <Row>(text: string, parameters: readonly unknown[], name?: string) =>
      transaction((tx) => tx.queryText<Row>(text, parameters, name)),
  };
}

/** Limits the rest of a transaction to the made-up rows of a space, as `inMadeUpSpace` does. */
export async function enterMadeUpSpace(tx: Executor, space: MadeUpSpace): Promise<void> {
  await tx.query(setSpace, [space === 'examples' ? space : space.visitorId]);
}
