import type { Sort } from '../core/condition.ts';
import type { Cursor } from '../core/cursor.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import { dateColumns } from './conditions.ts';
import { knownSinceSql } from './known-since.ts';
import { lastChangeSql } from './projected.ts';
import type { Bind } from './sql.ts';
import type { Source } from './where.ts';

/** The requested part of a search result. */
export interface Slice {
  readonly sort: Sort;
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
export interface After extends Omit<Cursor, 'sort' | 'part'> {
  /**
   * Whether rows that have the position and id of the cursor come after it. This is the case for rows of a stored type
   * or practice that sorts later.
   */
  readonly inclusive?: boolean;
}

interface PageOptions {
  readonly after?: After | undefined;
  /** SQL of a text that is returned with every row and describes the whole result. */
  readonly facts?: string | undefined;
  /** Whether rows include their first sort key, so that several pages can be merged by it. */
  readonly mergeable?: boolean;
}

/** SQL of one page. Selects one row more than the limit, which tells whether there is a next page. */
export function pageSql(
  query: EnforcedQuery,
  source: Source,
  { sort, limit, offset }: Slice,
  { after, facts, mergeable = false }: PageOptions = {},
): string {
  const keys = keysOf(query, source, sort);
  const rest = after === undefined ? '' : ` and ${afterSql(query, source, { keys, sort, after })}`;
  const from = offset === 0 ? '' : ` offset ${source.bind(offset)}`;
  const more = `${facts === undefined ? '' : `, (${facts}) as facts`}${mergeable ? `, ${keys[0]} as first_key` : ''}`;
  return `select ${columnsSql(query, source)}, ${keys[0]}::timestamp as position${more}
    from ${source.from} where ${source.where}${rest} ${orderSql(keys, sort)} limit ${source.bind(limit + 1)}${from}`;
}

/** Columns of a result row. Columns that are constant in a query over a single record are omitted. */
export function columnsSql({ kept, place }: EnforcedQuery, { home, content, unseen, practice }: Source): string {
  const isOneRecord = kept === 'record' && place?.kind === 'record';
  return [
    'r.id',
    `${content} as content`,
    ...(isOneRecord ? [] : ['r.type', `${home} as home`]),
    ...(unseen === undefined ? [] : [`${unseen} as unseen`]),
    ...(practice === undefined ? [] : [`${practice} as practice`]),
  ].join(', ');
}

/** Across several practices, two rows can have the same id. */
const keysOf = (query: EnforcedQuery, { practice, bind }: Source, sort: Sort): readonly string[] => [
  sortColumn(query, bind, sort),
  'r.id',
  ...(practice === undefined ? [] : [practice]),
];

export const orderSql = (keys: readonly string[], { descending }: Sort): string =>
  `order by ${keys.map((key) => `${key} ${descending ? 'desc' : 'asc'}`).join(', ')}`;

function sortColumn(query: EnforcedQuery, bind: Bind, { key }: Sort): string {
  if (key.kind === 'main') return 'r.sort_at';
  if (key.kind === 'updated') return lastChangeSql(key, 'r', bind);
  // All rows get the same sort value, so the id decides.
  if (key.kind === 'id') return "'epoch'::timestamptz";
  // Row comparison would lose rows whose key is null.
  return `coalesce(${dateColumns(query.type, key.index)[0]}, '-infinity')`;
}

interface Order {
  readonly keys: readonly string[];
  readonly sort: Sort;
  readonly after: After;
}

/**
 * SQL predicate: the row comes after the last row of the previous page. Resources created since page 1 are left out, so
 * that pages add up to its total. A resource changed since then keeps its position. In order of last update it would
 * appear twice, so it is left out until the client's next search by _lastUpdated.
 */
function afterSql(query: EnforcedQuery, { bind, home }: Source, { keys, sort, after }: Order): string {
  const last = [`${bind(after.position)}::timestamptz`, `${bind(after.id)}::uuid`];
  if (keys.length > last.length) last.push(`${bind(after.practice ?? 0)}::bigint`);
  const position = `(${keys.join(', ')}) ${sort.descending ? '<' : '>'}${after.inclusive ? '=' : ''} (${last.join(', ')})`;
  if (sort.key.kind !== 'updated') return `${position} and ${knownSinceSql(query, home, after.asOf, bind)}`;
  // PostgreSQL starts an index scan at the narrowest single-column bound, unless a row comparison of the same kind is
  // present. The extra bound provides that start, and `is true` hides an inclusive row comparison from the planner.
  const from = sort.key.toldBy === undefined ? ` and r.last_updated ${sort.descending ? '<=' : '>='} ${last[0]}` : '';
  const row = after.inclusive ? `(${position}) is true` : position;
  return `${row}${from} and r.last_updated <= ${bind(after.asOf)}::timestamptz`;
}
