import type { Duplex } from 'node:stream';
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

/** Returns the socket of a client. */
export const streamOf = (client: pg.ClientBase): Duplex =>
  (client as unknown as { readonly connection: pg.Connection }).connection.stream;

/** The error of a statement that got no answer in time, in the words of the driver. */
export const unanswered = (): Error => new Error('Query read timeout');

/** SQLSTATE query_canceled. */
const CANCELED = '57014';

/**
 * Closes the connection of a statement that got no answer or was canceled, and tells whether it did. While PostgreSQL
 * waits for a worker that doesn't respond, it reports that the statement was canceled, but runs no other one. The pool
 * would wait for it, and with it the callers that wait for a connection.
 */
export function closeIfStuck(error: unknown, client: pg.ClientBase): boolean {
  const { message, code } = (error ?? {}) as { readonly message?: unknown; readonly code?: unknown };
  const isStuck = code === CANCELED || message === unanswered().message;
  if (isStuck) streamOf(client).destroy();
  return isStuck;
}
