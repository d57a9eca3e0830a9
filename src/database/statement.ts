import type { QueryLimits } from './cancelable-query.ts';

/** JavaScript types of the values of PostgreSQL columns and parameters, by PostgreSQL type. */
export interface ColumnTypes {
  text: string;
  uuid: string;
  int4: number;
  /**
   * Statements select only int8 values below 2^53, so a number is exact. Larger values, the hashes in `int8[]` of the
   * search index, are only passed as parameters and never selected.
   */
  int8: number;
  bool: boolean;
  timestamptz: Date;
  date: string;
  bytea: Buffer;
  jsonb: unknown;
  _text: string[];
  _int4: number[];
  _bytea: Buffer[];
  _int8: bigint[];
  _timestamptz: Date[];
}
export type ColumnType = keyof ColumnTypes;
export type ColumnDeclaration = ColumnType | `${ColumnType}?`;

type ColumnValue<C extends ColumnDeclaration> = C extends `${infer T extends ColumnType}?`
  ? ColumnTypes[T] | null
  : C extends ColumnType
    ? ColumnTypes[C]
    : never;
export type RowOf<Columns extends Readonly<Record<string, ColumnDeclaration>>> = {
  readonly [Name in keyof Columns]: ColumnValue<Columns[Name]>;
};

/**
 * A named SQL statement, which each connection prepares once. Its result columns are declared here and determine the
 * type of a row. A test prepares all statements and compares their declared columns with PostgreSQL's.
 */
export interface SqlStatement<Row> {
  readonly name: string;
  readonly text: string;
  readonly columns: Readonly<Record<string, ColumnDeclaration>>;
  /** Never set. The property only carries the type of a row. */
  readonly row?: Row;
}

const statements = new Map<string, SqlStatement<unknown>>();

/**
 * Declares a named statement. Throws if another statement has this name.
 * @param columns result columns with their types; a trailing `?` marks a nullable column; `{}` for a statement without
 * result
 */
export function statement<const Columns extends Readonly<Record<string, ColumnDeclaration>>>(
  name: string,
  columns: Columns,
  text: string,
): SqlStatement<RowOf<Columns>> {
  if (statements.has(name)) throw new Error(`two statements are named ${name}`);
  const made: SqlStatement<RowOf<Columns>> = { name, text, columns };
  statements.set(name, made);
  return made;
}

/** Returns the named statements of all modules that were imported so far, for the test that prepares them all. */
export const allStatements = (): readonly SqlStatement<unknown>[] => [...statements.values()];

/**
 * Runs statements, either in the connection pool or in one transaction. Functions that read or write tables use the
 * executor that their caller passes, so the caller decides about the transaction.
 */
export interface Executor {
  query<Row>(statement: SqlStatement<Row>, parameters?: readonly unknown[]): Promise<Row[]>;
  /**
   * Runs SQL whose text depends on the number of rows (bulk inserts) or on a search. The text must never contain user
   * input. Without parameters, the text may contain several statements; the rows of all of them are returned.
   */
  queryText<Row>(text: string, parameters: readonly unknown[], name?: string): Promise<Row[]>;
}

export interface Database extends Executor {
  /**
   * Runs `work` in a transaction. Commits everything that ran through the given executor, or nothing if `work` throws.
   */
  transaction<Result>(work: (tx: Executor) => Promise<Result>): Promise<Result>;
  /**
   * Returns an executor for single statements outside of a transaction. A statement is canceled when its time limit is
   * over or the signal aborts.
   */
  withLimits(bounds: QueryLimits): Executor;
  /**
   * Returns an executor with one more connection, for short statements that many responses wait for, such as those of
   * the audit log. They run one after another, but are sent without waiting for earlier results, and never wait for a
   * pooled connection.
   * @param options.readTimeout time limit of a statement in milliseconds, if it is shorter than that of the pool. The
   * statements may not write: a cancel request ends the wait for a synchronous standby, and the change then counts as
   * stored
   * @param options.writeTimeout time limit of statements that may write. If a statement had to be canceled because a pooler
   * ignores the limit, its result counts as an error
   * @param options.idleTimeout milliseconds without a statement after which the connection is closed, to free the memory of
   * PostgreSQL's process. The next statement opens another one. Default: a minute
   */
  dedicatedConnection(options?: {
    readonly readTimeout?: number;
    readonly writeTimeout?: number;
    readonly idleTimeout?: number;
  }): Executor;
  /** Closes all connections. */
  close(): Promise<void>;
}
