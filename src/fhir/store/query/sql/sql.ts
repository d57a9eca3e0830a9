/** Adds a parameter and returns its placeholder. Values never become part of the SQL text. */
export type BindParameter = (value: unknown) => string;

/** The rows that a piece of SQL refers to: all of one type, under one alias. */
export interface SqlRows {
  readonly alias: string;
  /** The stored (R4) type. */
  readonly type: string;
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
 * SQL that casts JSON text to `json`. JSON may contain NUL and unpaired surrogates, which PostgreSQL rejects with an
 * error for the whole query. They are replaced by `?`, which cannot turn another reference into one of the form
 * `Type/id`.
 */
export const safeJsonSql = (content: string): string =>
  `(case when strpos(${content}, '\\u') = 0 then ${content}
    else regexp_replace(${content}, '\\\\u(0000|d[89a-f][0-9a-f]{2})', '\\\\u003f', 'gi') end)::json`;
