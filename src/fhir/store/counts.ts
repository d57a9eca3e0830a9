import type { Executor } from '../../database/index.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import { run } from './run.ts';
import type { Bind } from './sql.ts';
import { type Facts, keyOfTotal, openTotals, recordCounted, type Totals } from './totals.ts';
import { type Source, sourceOf } from './where.ts';

/**
 * SQL that returns the number of matches and their latest change as one text, for example `120 2026-11-02 09:00:00+00`.
 */
export const countSql = ({ from, where }: Source): string =>
  `select count(*) || ' ' || coalesce(max(r.last_updated), '-infinity') from ${from} where ${where}`;

/** SQL of the record's version, as text, as seen by the same statement. */
export const versionSql = (recordId: number, bind: Bind): string =>
  `select o.version::text from record o where o.record_id = ${bind(recordId)}`;

export function factsOf(text: string | null | undefined): Facts | undefined {
  const [, total, asOf] = /^(\d+) (.+)$/.exec(text ?? '') ?? [];
  return asOf === undefined ? undefined : { total: Number(total), asOf };
}

/**
 * Counts the matches of a query.
 * @param totals the total cache to use; default: an empty one
 */
export async function countMatches(db: Executor, query: EnforcedQuery, totals: Totals = openTotals()): Promise<number> {
  const recordId = recordCounted(query);
  const known = recordId === undefined ? undefined : await knownNow(db, query, recordId, totals);
  return (known ?? (await count(db, query, totals)).facts).total;
}

/** Looks up the total in the cache at the record's current version. */
async function knownNow(
  db: Executor,
  query: EnforcedQuery,
  recordId: number,
  totals: Totals,
): Promise<Facts | undefined> {
  const { key } = counting(query);
  if (!totals.has(key)) return undefined;
  const parameters: unknown[] = [];
  const text = versionSql(recordId, (value) => `$${parameters.push(value)}`);
  const [row] = await db.queryText<{ version: string }>(text, parameters, 'fhir.record-version');
  return row === undefined ? undefined : totals.find(key, row.version);
}

/**
 * Counts the matches of a query at a given version of the record.
 * @returns undefined if the record has changed since that version
 */
export async function factsAt(
  db: Executor,
  query: EnforcedQuery,
  version: string,
  totals: Totals,
): Promise<Facts | undefined> {
  const known = totals.find(counting(query).key, version);
  if (known !== undefined) return known;
  const counted = await count(db, query, totals);
  return counted.version === version ? counted.facts : undefined;
}

function counting(query: EnforcedQuery) {
  const source = sourceOf(query, { counting: true });
  const sql = countSql(source);
  return { source, sql, key: keyOfTotal(sql, source.parameters) };
}

interface Counted {
  readonly facts: string;
  /** null when the total depends on more than one record. */
  readonly version: string | null;
}

/**
 * Counts the matches and caches the total. The statement reads version and count together, so they belong to the same
 * moment.
 */
async function count(db: Executor, query: EnforcedQuery, totals: Totals) {
  const { source, sql, key } = counting(query);
  const recordId = recordCounted(query);
  const version = recordId === undefined ? 'null::text' : `(${versionSql(recordId, source.bind)})`;
  const [row] = await run<Counted>(db, source, `select (${sql}) as facts, ${version} as version`);
  const facts = factsOf(row?.facts) ?? { total: 0, asOf: '-infinity' };
  if (row !== undefined && row.version !== null) totals.keep(key, row.version, facts);
  return { facts, version: row?.version };
}
