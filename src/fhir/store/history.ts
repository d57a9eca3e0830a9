import type { Executor } from '../../database/index.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import type { ReadRow } from './search.ts';
import { sourceOf } from './where.ts';

/** One version of a resource: `first` tells that it was made, not changed. */
export interface VersionRow extends ReadRow {
  readonly first: boolean;
}

interface HistorySlice {
  readonly limit: number;
  /** Only versions older than this one. */
  readonly before?: number | undefined;
  /** Only versions made since. */
  readonly since?: Date | undefined;
}

/**
 * The versions of one resource, the newest first. A superseded version is shown if what may be seen now is in the current
 * one and was in it: what was labelled since, or before, is not shown in either. FHIR R4 §3.1.0.11
 * @param query of one resource by its id
 */
export async function listVersions(
  db: Executor,
  query: EnforcedQuery,
  { limit, before, since }: HistorySlice,
): Promise<readonly VersionRow[]> {
  const limits = (bind: (value: unknown) => string): string =>
    [
      ...(before === undefined ? [] : [` and r.version < ${bind(before)}`]),
      ...(since === undefined ? [] : [` and r.last_updated >= ${bind(since)}`]),
    ].join('');
  return versionsWhere(db, query, limits, limit);
}

/** FHIR R4 §3.1.0.2: `_history/{version}`. */
export async function readVersion(
  db: Executor,
  query: EnforcedQuery,
  version: number,
): Promise<VersionRow | undefined> {
  const [row] = await versionsWhere(db, query, (bind) => ` and r.version = ${bind(version)}`, 1);
  return row;
}

async function versionsWhere(
  db: Executor,
  query: EnforcedQuery,
  limits: (bind: (value: unknown) => string) => string,
  limit: number,
): Promise<readonly VersionRow[]> {
  const parameters: unknown[] = [];
  const current = sourceOf(query, { parameters });
  const found = sourceOf(query, { parameters, counting: true });
  const past = sourceOf(query, { parameters, superseded: true });
  const columns = ({ home, unseen }: typeof current) =>
    `r.type, r.id, ${home} as home, r.content, r.version, r.last_updated, r.version = 1 as first,
     ${unseen ?? "'{}'::int[]"} as unseen`;
  const text = `select ${columns(current)} from ${current.from} where ${current.where}${limits(current.bind)}
    union all
    select ${columns(past)} from ${past.from} where ${past.where}${limits(past.bind)}
      and exists (select from ${found.from} where ${found.where})
    order by version desc limit ${current.bind(limit)}`;
  return db.queryText<VersionRow>(text, parameters);
}
