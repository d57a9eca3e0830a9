import type { Bounds } from './within.ts';

/** The PostgreSQL types a row or parameter may have here, and the JavaScript value each arrives as. */
export interface ColumnTypes {
  text: string;
  uuid: string;
  int4: number;
  /** Only values below 2^53 are ever selected; the hashed `int8[]` of the search index are parameters only. */
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
export type Column = ColumnType | `${ColumnType}?`;

type Value<C extends Column> = C extends `${infer T extends ColumnType}?`
  ? ColumnTypes[T] | null
  : C extends ColumnType
    ? ColumnTypes[C]
    : never;
export type RowOf<Columns extends Readonly<Record<string, Column>>> = {
  readonly [Name in keyof Columns]: Value<Columns[Name]>;
};

/**
 * One SQL statement with a name (it is prepared once per connection) and the columns it answers with. The columns are
 * declared once, here, and give the row its type; a test prepares every statement and holds the declaration against
 * what PostgreSQL says.
 */
export interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  readonly columns: Readonly<Record<string, Column>>;
  /** Never present: carries the row's type. */
  readonly row?: Row;
}

const known = new Map<string, Statement<unknown>>();

/**
 * @param columns each column of the answer; a trailing `?` says that it may be null. `{}` for a statement without answer.
 */
export function statement<const Columns extends Readonly<Record<string, Column>>>(
  name: string,
  columns: Columns,
  text: string,
): Statement<RowOf<Columns>> {
  if (known.has(name)) throw new Error(`two statements are named ${name}`);
  const made: Statement<RowOf<Columns>> = { name, text, columns };
  known.set(name, made);
  return made;
}

/** Every statement of the rooms imported so far, for the test that prepares them all. */
export const allStatements = (): readonly Statement<unknown>[] => [...known.values()];

/** Runs statements: the pool, or one transaction of it. A store takes the executor it is given and never another. */
export interface Executor {
  query<Row>(statement: Statement<Row>, parameters?: readonly unknown[]): Promise<Row[]>;
  /** For SQL whose text depends on the number of rows (bulk inserts) or on the search: never built from user input. */
  queryText<Row>(text: string, parameters: readonly unknown[], name?: string): Promise<Row[]>;
}

export interface Database extends Executor {
  /** Commits what `work` did through the executor it is given, or nothing of it. */
  transaction<Result>(work: (tx: Executor) => Promise<Result>): Promise<Result>;
  /** Each statement by itself, cancelled when its time is over or nobody waits for it any longer. */
  within(bounds: Bounds): Executor;
  /** One more connection, for what every answer waits for: it stands behind nobody's search. Its statements go one by one. */
  apart(): Executor;
  close(): Promise<void>;
}
