import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { limitToFormerRecords, mayMatch } from './limit-to-records.ts';
import type { ReadResourceRow } from './search.ts';
import { buildQuerySql, type QuerySql } from './sql/query-sql.ts';
import type { BindParameter } from './sql/sql.ts';

/** One version of a resource. `first` is true for the version that created the resource. */
export interface ResourceVersionRow extends ReadResourceRow {
  readonly first: boolean;
  /** True if the version is a deletion. It has no content then. */
  readonly deleted: boolean;
}

interface HistoryRange {
  readonly limit: number;
  /** If set, only versions with a lower number are listed. */
  readonly before?: number | undefined;
  /** If set, only versions that were created at this time or later are listed. */
  readonly since?: Date | undefined;
}

/**
 * Lists the versions of one resource, newest first (FHIR R4 §3.1.0.12, history). An older version is listed only if the
 * grant allows reading both it and the current version. So a security label hides older versions, whether it was added
 * or removed later. If the resource was deleted, its last version takes the place of the current one. If it was
 * retracted, only its deletion is listed.
 * @param query query that finds the resource by its id
 */
export async function listVersions(
  db: Executor,
  query: EnforcedQuery,
  { limit, before, since }: HistoryRange,
): Promise<readonly ResourceVersionRow[]> {
  const limits: VersionLimits = (bind, { version, at }) =>
    [
      ...(before === undefined ? [] : [` and ${version} < ${bind(before)}`]),
      ...(since === undefined ? [] : [` and ${at} >= ${bind(since)}`]),
    ].join('');
  return selectVersions(db, query, limits, limit);
}

/** Reads one version of a resource (FHIR R4 §3.1.0.3, vread). */
export async function readVersion(
  db: Executor,
  query: EnforcedQuery,
  number: number,
): Promise<ResourceVersionRow | undefined> {
  const [row] = await selectVersions(db, query, (bind, { version }) => ` and ${version} = ${bind(number)}`, 1);
  return row;
}

/** Returns true if the query would find a resource that has been deleted. */
export async function wasDeleted(db: Executor, requested: EnforcedQuery): Promise<boolean> {
  const query = await limitToFormerRecords(db, requested);
  if (!mayMatch(query)) return false;
  const parameters: unknown[] = [];
  const last = buildQuerySql(query, { parameters, superseded: true, counting: true });
  const rows = await db.queryText(`select 1 as there where ${isDeletedSql(query, last)}`, parameters);
  return rows.length > 0;
}

/**
 * Builds the SQL that limits which versions are read. `version` and `at` are the columns with the number and the time
 * of a version.
 */
type VersionLimits = (bind: BindParameter, columns: { readonly version: string; readonly at: string }) => string;

async function selectVersions(
  db: Executor,
  requested: EnforcedQuery,
  limits: VersionLimits,
  limit: number,
): Promise<readonly ResourceVersionRow[]> {
  const query = await limitToFormerRecords(db, requested);
  if (!mayMatch(query)) return [];
  const parameters: unknown[] = [];
  const current = buildQuerySql(query, { parameters });
  const found = buildQuerySql(query, { parameters, counting: true });
  const past = buildQuerySql(query, { parameters, superseded: true });
  const last = buildQuerySql(query, { parameters, superseded: true, counting: true });
  const ended = buildQuerySql(query, { parameters, superseded: true, counting: true });
  const columns = ({ home, unseen }: typeof current) =>
    `r.type, r.id, ${home} as home, r.content, r.version, r.last_updated, r.version = 1 as first,
     ${unseen ?? "'{}'::int[]"} as unseen, false as deleted`;
  const own = { version: 'r.version', at: 'r.last_updated' };
  const isVisible = `(exists (select 1 from ${found.from} where ${found.where}) or ${isDeletedSql(query, last)})`;
  const text = `select ${columns(current)} from ${current.from} where ${current.where}${limits(current.bind, own)}
    union all
    select ${columns(past)} from ${past.from} where r.content is not null and ${past.where}${limits(past.bind, own)} and ${isVisible}
    union all
    select r.type, r.id, ${ended.home}, '', t.version, t.deleted_at, false, '{}'::int[], true
    from ${ended.from} ${tombstoneSql(query)}
    where ${ended.where}${limits(ended.bind, { version: 't.version', at: 't.deleted_at' })} and ${isVisible}
    order by version desc, last_updated desc limit ${current.bind(limit)}`;
  return db.queryText<ResourceVersionRow>(text, parameters);
}

/** SQL predicate: the resource is deleted, and the query matches the last version before its deletion. */
function isDeletedSql(query: EnforcedQuery, { from, where }: QuerySql): string {
  const { table, home } = VERSION_TABLES[query.compartment];
  return `exists (select 1 from ${from} ${tombstoneSql(query)} where ${where}
    and not exists (select 1 from ${table} c where c.${home} = r.${home} and c.type = r.type and c.id = r.id)
    and not exists (select 1 from ${tombstones(query)} u
      where u.${home} = r.${home} and u.type = r.type and u.id = r.id and u.version > t.version))`;
}

const VERSION_TABLES = {
  record: { table: 'resource', home: 'record_id', tombstones: 'tombstone' },
  practice: { table: 'shared_resource', home: 'practice_id', tombstones: 'shared_tombstone' },
} as const;
const tombstones = ({ compartment }: EnforcedQuery): string => VERSION_TABLES[compartment].tombstones;

/** SQL that joins the tombstone which directly follows a version. */
const tombstoneSql = (query: EnforcedQuery): string => {
  const { home } = VERSION_TABLES[query.compartment];
  return `join ${tombstones(query)} t on t.${home} = r.${home} and t.type = r.type and t.id = r.id and t.version = r.version + 1`;
};
