import { type EnforcedQuery, onlyRecord } from '../../../authorization/enforce.ts';
import type { SearchSort } from '../../../model/condition.ts';
import type { PageCursor } from '../../../search/cursor.ts';
import type { ContentForm } from '../contents/read-contents.ts';
import { packedMatchSql } from '../packed-rows.ts';
import { dateColumns } from './condition-sql.ts';
import { existedAtFirstPageSql } from './known-since-sql.ts';
import { lastUpdatedSql } from './projection-sql.ts';
import type { QuerySql } from './query-sql.ts';
import type { BindParameter } from './sql.ts';

/** The part of a search result that a client requests. */
export interface PageRequest {
  readonly sort: SearchSort;
  readonly limit: number;
  /** Number of matches before the page that are skipped. */
  readonly offset: number;
  /** True if the client requests the total. */
  readonly counted: boolean;
  /**
   * True to return the total also if the client doesn't request it, provided that it is known without counting. This is
   * so if all matches are on the page.
   */
  readonly saidIfKnown?: boolean;
  /**
   * False if some resources of patient records still lack the practice_id, because an upgrade hasn't filled it in yet.
   * A search for changes then can't read each practice separately. Default: true.
   */
  readonly byPractice?: boolean;
  /** Form in which the statement selects the content of a match. Default: its text. */
  readonly content?: ContentForm;
}
export interface AfterCursor extends Omit<PageCursor, 'sort' | 'part'> {
  /**
   * True if a resource with exactly the cursor's sort value and id belongs to the next page. This is so for resources
   * of an R4 type or practice that comes later in the order.
   */
  readonly inclusive?: boolean;
}

interface PageSqlOptions {
  readonly after?: AfterCursor | undefined;
  /** SQL for a text about the whole result, such as its total. Every row of the page contains it. */
  readonly facts?: string | undefined;
  /** True to select each match as one text. Only for queries without other columns of their own, such as the practice. */
  readonly isPacked?: boolean;
}

/**
 * SQL that selects one page of matches. It selects one match more than the limit, which shows whether there is a next
 * page.
 */
export function pageSql(
  query: EnforcedQuery,
  source: QuerySql,
  { sort, limit, offset }: PageRequest,
  { after, facts, isPacked = false }: PageSqlOptions = {},
): string {
  const keys = orderKeys(query, source, sort);
  const rest = after === undefined ? '' : ` and ${afterSql(query, source, { keys, sort, after })}`;
  const from = offset === 0 ? '' : ` offset ${source.bind(offset)}`;
  const more = facts === undefined ? '' : `, (${facts}) as facts`;
  const position = `${keys[0]}::timestamp`;
  const columns = isPacked
    ? `${packedMatchSql(position, source.content)} as packed`
    : `${resultColumnsSql(query, source)}, ${position} as position`;
  return `select ${columns}${more}
    from ${source.from} where ${source.where}${rest} ${orderSql(keys, sort)} limit ${source.bind(limit + 1)}${from}`;
}

/**
 * SQL for the columns of a match. A query that searches one patient record doesn't select the type and the record,
 * because they are the same for all matches.
 */
export function resultColumnsSql(query: EnforcedQuery, { home, content, unseen, practice }: QuerySql): string {
  return [
    'r.id',
    `${content} as content`,
    ...(onlyRecord(query) !== undefined ? [] : ['r.type', `${home} as home`]),
    ...(unseen === undefined ? [] : [`${unseen} as unseen`]),
    ...(practice === undefined ? [] : [`${practice} as practice`]),
  ].join(', ');
}

/**
 * SQL for the sort keys. If a query covers several practices, the practice is the last sort key, because two practices
 * can have a resource with the same id.
 */
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
  if (key.kind === 'patient') throw new Error('findPatientsPage reads patient by patient');
  // All resources get the same sort value, so that they are sorted by the next key, the id.
  if (key.kind === 'id') return "'epoch'::timestamptz";
  // Resources without the date get the value -infinity. With null, the row comparison of a later page would lose them.
  return `coalesce(${dateColumns(query.type, key.index)[0]}, '-infinity')`;
}

interface PageOrder {
  readonly keys: readonly string[];
  readonly sort: SearchSort;
  readonly after: AfterCursor;
}

/**
 * SQL predicate: the resource comes after the last one of the previous page. Resources that were created since the
 * first page are left out, so that the pages add up to the total of the first page. A resource that was changed since
 * the first page stays at its position in the sort order. Only in a search sorted by the last change would the resource
 * move and appear twice, so such a search leaves it out. The client's next search by _lastUpdated finds it.
 */
function afterSql(query: EnforcedQuery, { bind, home, record }: QuerySql, { keys, sort, after }: PageOrder): string {
  const last = [`${bind(after.position)}::timestamptz`, `${bind(after.id)}::uuid`];
  if (keys.length > last.length) last.push(`${bind(after.practice ?? 0)}::bigint`);
  const position = `(${keys.join(', ')}) ${sort.descending ? '<' : '>'}${after.inclusive ? '=' : ''} (${last.join(', ')})`;
  if (sort.key.kind !== 'updated')
    return `${position} and ${existedAtFirstPageSql(query, { home, record }, after.asOf, bind)}`;
  // The extra bound on `last_updated` is where PostgreSQL starts the index scan. PostgreSQL uses the narrowest bound on
  // a single column, unless there is a row comparison that is inclusive too. `is true` hides such a row comparison from
  // the planner.
  const from =
    sort.key.projection === undefined ? ` and r.last_updated ${sort.descending ? '<=' : '>='} ${last[0]}` : '';
  const row = after.inclusive ? `(${position}) is true` : position;
  return `${row}${from} and r.last_updated <= ${bind(after.asOf)}::timestamptz`;
}
