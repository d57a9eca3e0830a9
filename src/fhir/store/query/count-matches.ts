import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { runQuery } from './run-query.ts';
import { buildQuerySql, type QuerySql } from './sql/query-sql.ts';
import type { BindParameter } from './sql/sql.ts';
import { createTotalCache, recordOfTotal, type TotalCache, type TotalSnapshot, totalCacheKey } from './total-cache.ts';

/**
 * SQL that returns the number of matches and their latest change as one text, for example `120 2026-11-02 09:00:00+00`.
 */
export const countSql = ({ from, where }: QuerySql): string =>
  `select count(*) || ' ' || coalesce(max(r.last_updated), '-infinity') from ${from} where ${where}`;

/** SQL of the record's version, as text, as seen by the same statement. */
export const recordVersionSql = (recordId: number, bind: BindParameter): string =>
  `select o.version::text from record o where o.record_id = ${bind(recordId)}`;

export function parseTotalSnapshot(text: string | null | undefined): TotalSnapshot | undefined {
  const [, total, asOf] = /^(\d+) (.+)$/.exec(text ?? '') ?? [];
  return asOf === undefined ? undefined : { total: Number(total), asOf };
}

/**
 * Counts the matches of a query.
 * @param totals the total cache to use; default: an empty one
 */
export async function countMatches(
  db: Executor,
  query: EnforcedQuery,
  totals: TotalCache = createTotalCache(),
): Promise<number> {
  const recordId = recordOfTotal(query);
  const known = recordId === undefined ? undefined : await findCachedTotal(db, query, recordId, totals);
  return (known ?? (await countAndCache(db, query, totals)).facts).total;
}

/** Looks up the total in the cache at the record's current version. */
async function findCachedTotal(
  db: Executor,
  query: EnforcedQuery,
  recordId: number,
  totals: TotalCache,
): Promise<TotalSnapshot | undefined> {
  const { key } = buildCount(query);
  if (!totals.has(key)) return undefined;
  const parameters: unknown[] = [];
  const text = recordVersionSql(recordId, (value) => `$${parameters.push(value)}`);
  const [row] = await db.queryText<{ version: string }>(text, parameters, 'fhir.record-version');
  return row === undefined ? undefined : totals.get(key, row.version);
}

/**
 * Counts the matches of a query at a given version of the record.
 * @returns undefined if the record has changed since that version
 */
export async function getTotalAtVersion(
  db: Executor,
  query: EnforcedQuery,
  version: string,
  totals: TotalCache,
): Promise<TotalSnapshot | undefined> {
  const known = totals.get(buildCount(query).key, version);
  if (known !== undefined) return known;
  const counted = await countAndCache(db, query, totals);
  return counted.version === version ? counted.facts : undefined;
}

function buildCount(query: EnforcedQuery) {
  const source = buildQuerySql(query, { counting: true });
  const sql = countSql(source);
  return { source, sql, key: totalCacheKey(sql, source.parameters) };
}

interface CountRow {
  readonly facts: string;
  /** null when the total depends on more than one record. */
  readonly version: string | null;
}

/**
 * Counts the matches and caches the total. The statement reads version and count together, so they belong to the same
 * moment.
 */
async function countAndCache(db: Executor, query: EnforcedQuery, totals: TotalCache) {
  const { source, sql, key } = buildCount(query);
  const recordId = recordOfTotal(query);
  const version = recordId === undefined ? 'null::text' : `(${recordVersionSql(recordId, source.bind)})`;
  const [row] = await runQuery<CountRow>(db, source, `select (${sql}) as facts, ${version} as version`);
  const facts = parseTotalSnapshot(row?.facts) ?? { total: 0, asOf: '-infinity' };
  if (row !== undefined && row.version !== null) totals.set(key, row.version, facts);
  return { facts, version: row?.version };
}
