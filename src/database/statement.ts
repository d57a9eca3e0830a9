import type { QueryLimits } from './cancelable-query.ts';

/** PostgreSQL types of columns and parameters, and the JavaScript types of their values. */
export interface ColumnTypes {
  text: string;
  uuid: string;
  int4: number;
  /** Only values below 2^53 are selected. The hashed `int8[]` of the search index occur as parameters only. */
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
 * A named SQL statement, prepared once per connection, with its result columns. The columns are declared here once and
 * give the row its type; a test prepares every statement and compares the declaration with PostgreSQL's.
 */
export interface SqlStatement<Row> {
  readonly name: string;
  readonly text: string;
  readonly columns: Readonly<Record<string, ColumnDeclaration>>;
  /** Never set: carries the row's type. */
  readonly row?: Row;
}

const statements = new Map<string, SqlStatement<unknown>>();

/**
 * Declares a named statement. Throws if the name is already used.
 * @param columns result columns; a trailing `?` marks a nullable one. `{}` for a statement without result
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

/** Returns every statement of the modules imported so far, for the test that prepares them all. */
export const allStatements = (): readonly SqlStatement<unknown>[] => [...statements.values()];

/** Runs statements, in the pool or in one transaction. A store uses only the executor that it is given. */
export interface Executor {
  query<Row>(statement: SqlStatement<Row>, parameters?: readonly unknown[]): Promise<Row[]>;
  /**
   * Runs SQL whose text depends on the number of rows (bulk inserts) or on the search. The text must never contain user
   * input. A text without parameters may have several statements; the answer is the rows of all.
   */
  queryText<Row>(text: string, parameters: readonly unknown[], name?: string): Promise<Row[]>;
}

export interface Database extends Executor {
  /**
   * Runs `work` in a transaction. Commits everything that it did through the given executor, or nothing if it throws.
   */
  transaction<Result>(work: (tx: Executor) => Promise<Result>): Promise<Result>;
  /**
   * Returns an executor whose statements run one by one outside of a transaction and are canceled when their time is up
   * or the signal aborts.
   */
  withLimits(bounds: QueryLimits): Executor;
  /**
   * Opens one more connection, for statements that every response waits for, such as the audit log's. They never wait
   * for a pooled connection; they run one at a time.
   */
  dedicatedConnection(): Executor;
  /** Closes all connections. */
  close(): Promise<void>;
}
