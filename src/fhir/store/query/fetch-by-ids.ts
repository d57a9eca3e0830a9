import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { type BatchRow, byId, type FetchedResources } from './id-lists.ts';
import { groupByShape, hasFixedShape } from './query-groups.ts';
import { runPrepared, runQuery } from './run-query.ts';
import { buildQuerySql } from './sql/query-sql.ts';

/** Resources of one type to fetch. */
export interface RequestedResources {
  /** Authorized query for the resources of the type. It doesn't have the ids as a condition. */
  readonly query: EnforcedQuery;
  readonly ids: readonly string[];
}

interface FoundRow extends Omit<BatchRow, 'type'> {
  /** Position of the query in the list of requested resources. */
  readonly list: number;
}

/**
 * Fetches resources of several types by their ids with one statement. The ids are rows of a table that PostgreSQL joins
 * with the primary key, so the SQL text is the same for any number of types and ids.
 * @returns the resources of each query in the order of their ids; those that don't exist or that the query doesn't
 * allow are missing
 */
export async function fetchByIds(
  db: Executor,
  requested: readonly RequestedResources[],
): Promise<readonly FetchedResources[]> {
  if (requested.length === 0) return [];
  const queries = requested.map(({ query }) => query);
  const parameters: unknown[] = [];
  const parts = groupByShape(queries).map((group) => {
    const wanted = group.flatMap((query) => {
      const list = queries.indexOf(query);
      return (requested[list]?.ids ?? []).map((id) => ({ list, type: query.type, id }));
    });
    const { bind, from, where, content, unseen } = buildQuerySql(group[0], { parameters, typeSql: 'wanted.type' });
    const [lists, types, ids] = [
      bind(wanted.map(({ list }) => list)),
      bind(wanted.map(({ type }) => type)),
      bind(wanted.map(({ id }) => id)),
    ];
    return `select wanted.list, found.* from unnest(${lists}::int[], ${types}::text[], ${ids}::uuid[]) as wanted (list, type, id)
      cross join lateral (select r.id, ${content} as content, ${unseen ?? 'null::int[]'} as unseen
        from ${from} where ${where} and r.id = wanted.id) as found`;
  });
  const run = queries.every(hasFixedShape) ? runPrepared : runQuery;
  const rows = await run<FoundRow>(db, { parameters }, parts.join(' union all '));
  return requested.map(({ query }, list) => ({
    query,
    rows: rows
      .filter((row) => row.list === list)
      .map(({ id, content, unseen }) => ({ type: query.type, id, content, unseen: unseen ?? [] }))
      .sort(byId),
  }));
}
