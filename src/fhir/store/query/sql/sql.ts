/**
 * Adds a parameter to a statement and returns its placeholder, such as `$1`. Values are never written into the SQL
 * text.
 */
export type BindParameter = (value: unknown) => string;

/** Resources of one type under a table alias, to which a piece of SQL refers. */
export interface SqlRows {
  readonly alias: string;
  /** R4 type of the resources, under which they are stored. */
  readonly type: string;
  /** SQL for the patient record of a resource. Default: its column. */
  readonly recordSql?: string;
  /** Table that has the resources. Default: `resource`. */
  readonly table?: string;
  /** Builds the SQL predicate that a Patient isn't one that a merge replaced. Default: the record tells its patient. */
  readonly isSurviving?: (alias: string) => string;
  readonly bind: BindParameter;
}

export const andSql = (tests: readonly string[]): string => tests.join(' and ');

export function orSql(tests: readonly string[]): string {
  if (tests.length < 2) return tests[0] ?? 'false';
  return `(${tests.map((test) => `(${test})`).join(' or ')})`;
}

export const isOneOfSql = (column: string, values: readonly unknown[], type: string, bind: BindParameter): string =>
  values.length === 1 ? `${column} = ${bind(values[0])}` : `${column} = any(${bind(values)}::${type}[])`;

/**
 * SQL that casts JSON text to the PostgreSQL type `json`. NUL and unpaired surrogates are allowed in JSON, but
 * PostgreSQL rejects them, and the whole query would fail. They are replaced by `?`. A replaced reference never has the
 * form `Type/id`, so it can't point to another resource.
 */
export const safeJsonSql = (content: string): string =>
  `(case when strpos(${content}, '\\u') = 0 then ${content}
    else regexp_replace(${content}, '\\\\u(0000|d[89a-f][0-9a-f]{2})', '\\\\u003f', 'gi') end)::json`;
