import type pg from 'pg';
import { PreparedQuery, TextQuery } from './prepared-query.ts';

/** Result of one statement, or of each statement of a text that has several. */
export type QueryResult = { readonly rows: unknown[] } | readonly { readonly rows: unknown[] }[];

export interface QueryRunner {
  query(query: PreparedQuery | pg.QueryConfig): Promise<QueryResult>;
}

/** Runs a statement on a connection of the driver. */
export function runOnClient(client: pg.ClientBase, query: PreparedQuery | pg.QueryConfig): Promise<QueryResult> {
  const submitted = query instanceof PreparedQuery ? query : new TextQuery(query);
  return new Promise((resolve, reject) => {
    submitted.callback = (error, result) => (error === null ? resolve(result as QueryResult) : reject(error));
    client.query(submitted as unknown as pg.Submittable);
  });
}
