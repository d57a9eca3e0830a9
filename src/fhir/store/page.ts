import type { Sort } from '../core/condition.ts';
import type { Cursor } from '../core/cursor.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import { dateColumns } from './conditions.ts';
import { knownSinceSql } from './known-since.ts';
import { lastChangeSql } from './projected.ts';
import type { Bind } from './sql.ts';
import type { Source } from './where.ts';

/** How much of a search's matches, in which order. */
export interface Slice {
  readonly sort: Sort;
  readonly limit: number;
  /** Matches before the page. */
  readonly offset: number;
  /** Whether it is asked how many match in all. */
  readonly counted: boolean;
  /** Whether that is said where it is known without counting: all of them are on the page. */
  readonly saidIfKnown?: boolean;
  /** Whether rows of records carry their practice, all of them; default: they do. */
  readonly byPractice?: boolean;
}
export interface After extends Omit<Cursor, 'sort' | 'part'> {
  /** Whether a row in the same place comes after it: one of another stored type. */
  readonly inclusive?: boolean;
}

interface PageOptions {
  readonly after?: After | undefined;
  /** SQL of what each row says of them all, as text. */
  readonly facts?: string | undefined;
  /** Whether rows carry the first key of their order, so that several such pages can be merged by it. */
  readonly mergeable?: boolean;
}

/** One row more than the page has, which tells whether there is a next one. */
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

/** Of one record nothing is asked that is the same for each row. */
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

/** Of several practices two rows may have the same id. */
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
  // All rows are equal, and so in the order of their ids.
  if (key.kind === 'id') return "'epoch'::timestamptz";
  // Row-wise comparison loses null rows.
  return `coalesce(${dateColumns(query.type, key.index)[0]}, '-infinity')`;
}

interface Order {
  readonly keys: readonly string[];
  readonly sort: Sort;
  readonly after: After;
}

/**
 * What comes after the last row of the page before. Resources that were made since page 1 stay out, so that the pages
 * add up to its total. One that was changed since keeps its place; only in the order of changes it would come twice, and
 * waits for the client's next search by _lastUpdated.
 */
function afterSql(query: EnforcedQuery, { bind, home }: Source, { keys, sort, after }: Order): string {
  const last = [`${bind(after.position)}::timestamptz`, `${bind(after.id)}::uuid`];
  if (keys.length > last.length) last.push(`${bind(after.practice ?? 0)}::bigint`);
  const position = `(${keys.join(', ')}) ${sort.descending ? '<' : '>'}${after.inclusive ? '=' : ''} (${last.join(', ')})`;
  if (sort.key.kind !== 'updated') return `${position} and ${knownSinceSql(query, home, after.asOf, bind)}`;
  // PostgreSQL begins in an index at the narrowest bound of a single column, unless a row's bound is of the same kind.
  const from = sort.key.toldBy === undefined ? ` and r.last_updated ${sort.descending ? '<=' : '>='} ${last[0]}` : '';
  const row = after.inclusive ? `(${position}) is true` : position;
  return `${row}${from} and r.last_updated <= ${bind(after.asOf)}::timestamptz`;
}
