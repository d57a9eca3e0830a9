import type { EnforcedQuery } from '../../../authorization/enforce.ts';
import type { SearchSort } from '../../../model/condition.ts';
import type { PageCursor } from '../../../search/cursor.ts';
import { dateColumns } from './condition-sql.ts';
import { existedAtFirstPageSql } from './known-since-sql.ts';
import { lastUpdatedSql } from './projection-sql.ts';
import type { QuerySql } from './query-sql.ts';
import type { BindParameter } from './sql.ts';

/** The requested part of a search result. */
export interface PageRequest {
  readonly sort: SearchSort;
  readonly limit: number;
  /** Number of matches to skip before the page. */
  readonly offset: number;
  /** Whether the total is requested. */
  readonly counted: boolean;
  /** Whether to return the total anyway when it is known without counting, because all matches are on the page. */
  readonly saidIfKnown?: boolean;
  /** Whether all record rows have their practice_id filled in; default: true. */
  readonly byPractice?: boolean;
}
export interface AfterCursor extends Omit<PageCursor, 'sort' | 'part'> {
  /**
   * Whether rows that have the position and id of the cursor come after it. This is the case for rows of a stored type
   * or practice that sorts later.
   */
  readonly inclusive?: boolean;
}

interface PageSqlOptions {
  readonly after?: AfterCursor | undefined;
  /** SQL of a text that is returned with every row and describes the whole result. */
  readonly facts?: string | undefined;
  /** Whether rows include their first sort key, so that several pages can be merged by it. */
  readonly mergeable?: boolean;
}

/** SQL of one page. Selects one row more than the limit, which tells whether there is a next page. */
export function pageSql(
  query: EnforcedQuery,
  source: QuerySql,
  { sort, limit, offset }: PageRequest,
  { after, facts, mergeable = false }: PageSqlOptions = {},
): string {
  const keys = orderKeys(query, source, sort);
  const rest = after === undefined ? '' : ` and ${afterSql(query, source, { keys, sort, after })}`;
  const from = offset === 0 ? '' : ` offset ${source.bind(offset)}`;
  const more = `${facts === undefined ? '' : `, (${facts}) as facts`}${mergeable ? `, ${keys[0]} as first_key` : ''}`;
  return `select ${resultColumnsSql(query, source)}, ${keys[0]}::timestamp as position${more}
    from ${source.from} where ${source.where}${rest} ${orderSql(keys, sort)} limit ${source.bind(limit + 1)}${from}`;
}

/** Columns of a result row. Columns that are constant in a query over a single record are omitted. */
export function resultColumnsSql(
  { compartment, scope }: EnforcedQuery,
  { home, content, unseen, practice }: QuerySql,
): string {
  const isOneRecord = compartment === 'record' && scope?.kind === 'record';
  return [
    'r.id',
    `${content} as content`,
    ...(isOneRecord ? [] : ['r.type', `${home} as home`]),
    ...(unseen === undefined ? [] : [`${unseen} as unseen`]),
    ...(practice === undefined ? [] : [`${practice} as practice`]),
  ].join(', ');
}

/** Across several practices, two rows can have the same id. */
const orderKeys = (query: EnforcedQuery, { practice, bind }: QuerySql, sort: SearchSort): readonly string[] => [
  sortKeySql(query, bind, sort),
  'r.id',
  ...(practice === undefined ? [] : [practice]),
];

export const orderSql = (keys: readonly string[], { descending }: SearchSort): string =>
  `order by ${keys.map((key) => `${key} ${descending ? 'desc' : 'asc'}`).join(', ')}`;

function sortKeySql(query: EnforcedQuery, bind: BindParameter, { key }: SearchSort): string {
  if (key.kind === 'main') return 'r.sort_at';
  if (key.kind === 'updated') return lastUpdatedSql(key, 'r', bind);
  // All rows get the same sort value, so the id decides.
  if (key.kind === 'id') return "'epoch'::timestamptz";
  // Row comparison would lose rows whose key is null.
  return `coalesce(${dateColumns(query.type, key.index)[0]}, '-infinity')`;
}

interface PageOrder {
  readonly keys: readonly string[];
  readonly sort: SearchSort;
  readonly after: AfterCursor;
}

/**
 * SQL predicate: the row comes after the last row of the previous page. Resources created since page 1 are left out, so
 * that pages add up to its total. A resource changed since then keeps its position. In order of last update it would
 * appear twice, so it is left out until the client's next search by _lastUpdated.
 */
function afterSql(query: EnforcedQuery, { bind, home }: QuerySql, { keys, sort, after }: PageOrder): string {
  const last = [`${bind(after.position)}::timestamptz`, `${bind(after.id)}::uuid`];
  if (keys.length > last.length) last.push(`${bind(after.practice ?? 0)}::bigint`);
  const position = `(${keys.join(', ')}) ${sort.descending ? '<' : '>'}${after.inclusive ? '=' : ''} (${last.join(', ')})`;
  if (sort.key.kind !== 'updated') return `${position} and ${existedAtFirstPageSql(query, home, after.asOf, bind)}`;
  // PostgreSQL starts an index scan at the narrowest single-column bound, unless a row comparison of the same kind is
  // present. The extra bound provides that start, and `is true` hides an inclusive row comparison from the planner.
  const from =
    sort.key.projection === undefined ? ` and r.last_updated ${sort.descending ? '<=' : '>='} ${last[0]}` : '';
  const row = after.inclusive ? `(${position}) is true` : position;
  return `${row}${from} and r.last_updated <= ${bind(after.asOf)}::timestamptz`;
}
