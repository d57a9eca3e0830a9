import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { runQuery } from './run-query.ts';
import { buildQuerySql, type QuerySql } from './sql/query-sql.ts';
import type { BindParameter } from './sql/sql.ts';
import { createTotalCache, recordOfTotal, type TotalCache, type TotalSnapshot, totalCacheKey } from './total-cache.ts';

/**
 * SQL for the number of matches and the time of their latest change, as one text such as `120 2026-11-02 09:00:00+00`.
 */
export const countSql = ({ from, where }: QuerySql): string =>
  `select count(*) || ' ' || coalesce(max(r.last_updated), '-infinity') from ${from} where ${where}`;

/**
 * SQL for the version number of the patient record that a query searches, as text. As a subquery of a statement, it
 * returns the version of exactly the data that the statement reads.
 * @returns undefined if the result also depends on other data
 */
export function recordVersionSql(query: EnforcedQuery): ((bind: BindParameter) => string) | undefined {
  const recordId = recordOfTotal(query);
  if (recordId === undefined) return undefined;
  return (bind) => `select o.version::text from record o where o.record_id = ${bind(recordId)}`;
}

export function parseTotalSnapshot(text: string | null | undefined): TotalSnapshot | undefined {
  const [, total, asOf] = /^(\d+) (.+)$/.exec(text ?? '') ?? [];
  return asOf === undefined ? undefined : { total: Number(total), asOf };
}

/**
 * Returns the number of resources that match a query.
 * @param totals cache of totals; default: no cache
 */
export async function countMatches(
  db: Executor,
  query: EnforcedQuery,
  totals: TotalCache = createTotalCache(),
): Promise<number> {
  const known = await findCachedTotal(db, query, totals);
  return (known ?? (await countAndCache(db, query, totals)).facts).total;
}

/** Returns the total from the cache, if the patient record hasn't changed since it was counted. */
async function findCachedTotal(
  db: Executor,
  query: EnforcedQuery,
  totals: TotalCache,
): Promise<TotalSnapshot | undefined> {
  const versionSql = recordVersionSql(query);
  const { key } = buildCount(query);
  if (versionSql === undefined || !totals.has(key)) return undefined;
  const parameters: unknown[] = [];
  const text = `select (${versionSql((value) => `$${parameters.push(value)}`)}) as version`;
  const [row] = await db.queryText<{ version: string | null }>(text, parameters, 'fhir.record-version');
  return row?.version == null ? undefined : totals.get(key, row.version);
}

/**
 * Returns the total of a query for a certain version of the patient record, from the cache or by counting.
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

/** Returns the latest total of a query that was counted, and the version of the record to which it belongs. */
export const latestTotal = (query: EnforcedQuery, totals: TotalCache): ReturnType<TotalCache['latest']> =>
  totals.latest(buildCount(query).key);

function buildCount(query: EnforcedQuery) {
  const source = buildQuerySql(query, { counting: true });
  const sql = countSql(source);
  return { source, sql, key: totalCacheKey(sql, source.parameters) };
}

interface CountRow {
  readonly facts: string;
  /** Version number of the patient record. null if the total also depends on other data, so that it can't be cached. */
  readonly version: string | null;
}

/**
 * Counts the matches and caches the total. One statement reads the record's version and the total, so both belong to
 * the same moment.
 */
async function countAndCache(db: Executor, query: EnforcedQuery, totals: TotalCache) {
  const { source, sql, key } = buildCount(query);
  const version = recordVersionSql(query)?.(source.bind) ?? 'null::text';
  const [row] = await runQuery<CountRow>(db, source, `select (${sql}) as facts, (${version}) as version`);
  const facts = parseTotalSnapshot(row?.facts) ?? { total: 0, asOf: '-infinity' };
  if (row !== undefined && row.version !== null) totals.set(key, row.version, facts);
  return { facts, version: row?.version };
}
