import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { type ContentForm, type ReadDatabase, readContents } from './contents/read-contents.ts';
import { byId, type FetchedResources } from './id-lists.ts';
import { type NumberedRow, numberedColumnsSql, unpackNumbered } from './packed-rows.ts';
import { groupByShape, hasFixedShape } from './query-groups.ts';
import type { BatchRow } from './result-rows.ts';
import { runPrepared, runQuery } from './run-query.ts';
import { buildQuerySql } from './sql/query-sql.ts';

/** Resources of one type to fetch. */
export interface RequestedResources {
  /** Authorized query for the resources of the type. It doesn't have the ids as a condition. */
  readonly query: EnforcedQuery;
  readonly ids: readonly string[];
}

interface FoundRow extends NumberedRow {
  /** Compartment of the resource. It is selected only for the standby. */
  readonly home?: number;
}

/**
 * Fetches resources of several types by their ids with one statement. The ids are rows of a table that PostgreSQL joins
 * with the primary key, so the SQL text is the same for any number of types and ids.
 * @returns the resources of each query in the order of their ids; those that don't exist or that the query doesn't
 * allow are missing
 */
export const fetchByIds = (
  db: ReadDatabase,
  requested: readonly RequestedResources[],
): Promise<readonly FetchedResources[]> =>
  readContents(db, {
    most: requested.reduce((sum, { ids }) => sum + ids.length, 0),
    read: (content) => selectByIds(db, requested, content),
    rowsOf: (fetched) => fetched,
  });

async function selectByIds(
  db: Executor,
  requested: readonly RequestedResources[],
  form: ContentForm,
): Promise<readonly FetchedResources[]> {
  if (requested.length === 0) return [];
  const queries = requested.map(({ query }) => query);
  const parameters: unknown[] = [];
  const parts = groupByShape(queries).map((group) => {
    const wanted = group.flatMap((query) => {
      const list = queries.indexOf(query);
      return (requested[list]?.ids ?? []).map((id) => ({ list, type: query.type, id }));
    });
    const source = buildQuerySql(group[0], { parameters, typeSql: 'wanted.type', content: form });
    const { bind, from, where } = source;
    const home = form === 'version' ? `, ${source.home}::int8 as home` : '';
    const [lists, types, ids] = [
      bind(wanted.map(({ list }) => list)),
      bind(wanted.map(({ type }) => type)),
      bind(wanted.map(({ id }) => id)),
    ];
    return `select found.* from unnest(${lists}::int[], ${types}::text[], ${ids}::uuid[]) as wanted (list, type, id)
      cross join lateral (
        select ${numberedColumnsSql('wanted.list', source)}${home}
        from ${from} where ${where} and r.id = wanted.id) as found`;
  });
  const run = queries.every(hasFixedShape) ? runPrepared : runQuery;
  const rows = await run<FoundRow>(db, { parameters }, parts.join(' union all '));
  const found: (BatchRow & { readonly home?: number })[][] = requested.map(() => []);
  for (const one of rows) {
    const { number, row } = unpackNumbered(one, (list) => queries[list]?.type);
    found[number]?.push(one.home === undefined ? row : { ...row, home: one.home });
  }
  return queries.map((query, list) => ({ query, rows: (found[list] ?? []).sort(byId) }));
}
