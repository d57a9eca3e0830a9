/** Adds a parameter and answers with its placeholder. Values never become text of a query. */
export type Bind = (value: unknown) => string;

/** The rows that SQL is written about: all of one type, under an alias. */
export interface Subject {
  readonly alias: string;
  /** As stored. */
  readonly type: string;
  readonly bind: Bind;
}

export const allOf = (tests: readonly string[]): string => tests.join(' and ');

export function anyOf(tests: readonly string[]): string {
  if (tests.length < 2) return tests[0] ?? 'false';
  return `(${tests.map((test) => `(${test})`).join(' or ')})`;
}

export const isAmong = (column: string, values: readonly unknown[], type: string, bind: Bind): string =>
  values.length === 1 ? `${column} = ${bind(values[0])}` : `${column} = any(${bind(values)}::${type}[])`;

/**
 * JSON has texts that PostgreSQL's have not: with NUL, and with half a character. It would give up on all rows for one of
 * them. With another letter there instead no reference becomes a plain one.
 */
export const jsonSql = (content: string): string =>
  `(case when strpos(${content}, '\\u') = 0 then ${content}
    else regexp_replace(${content}, '\\\\u(0000|d[89a-f][0-9a-f]{2})', '\\\\u003f', 'gi') end)::json`;
