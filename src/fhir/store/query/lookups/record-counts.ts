import { type Executor, statement } from '../../../../database/index.ts';
import { LABORATORY, VITAL_SIGNS } from '../sql/category-index-sql.ts';
import type { ObservationKind } from './record-observations.ts';
import { MAY_ACCESS, type RecordUser } from './record-user-reads.ts';

const byType = statement(
  'fhir.own.bounded-counts',
  { type: 'text', entries: 'int8' },
  `select t.type, c.entries from unnest($3::text[]) as t (type)
   cross join lateral (select count(*) as entries from (select 1 from resource r
     where r.record_id = $2 and r.type = t.type collate "C" and ${MAY_ACCESS} limit $4) as found) as c`,
);
const observations = statement(
  'fhir.own.observation-counts',
  { measurements: 'int8', results: 'int8', other: 'int8', read: 'int8' },
  `select count(*) filter (where vital) as measurements, count(*) filter (where lab and not vital) as results,
     count(*) filter (where not lab and not vital) as other, count(*) as read
   from (select flags && $3::int8[] as vital, flags && $4::int8[] as lab from resource
     where record_id = $2 and type = 'Observation' and ${MAY_ACCESS} limit $5) as o`,
);

/** Number of entries. If `isMinimum`, counting stopped there, and there may be more. */
export interface BoundedCount {
  readonly entries: number;
  readonly isMinimum: boolean;
}

/**
 * Counts the resources of these types in a patient record. Counting a type stops at a limit, so that the time doesn't
 * grow with the record.
 */
export async function countEntriesByType(
  db: Executor,
  { accountId, recordId }: RecordUser,
  types: readonly string[],
  limit: number,
): Promise<ReadonlyMap<string, BoundedCount>> {
  const rows = await db.query(byType, [accountId, recordId, types, limit]);
  return new Map(rows.map(({ type, entries }) => [type, { entries, isMinimum: entries >= limit }]));
}

/**
 * Counts the observations of each kind in a patient record, by the search index of their category.
 * @param limit maximum number of observations that are read
 */
export async function countObservations(
  db: Executor,
  { accountId, recordId }: RecordUser,
  limit: number,
): Promise<Readonly<Record<ObservationKind, BoundedCount>>> {
  const [row] = await db.query(observations, [accountId, recordId, [VITAL_SIGNS], [LABORATORY], limit]);
  const count = (entries = 0): BoundedCount => ({ entries, isMinimum: (row?.read ?? 0) >= limit });
  return { measurements: count(row?.measurements), results: count(row?.results), other: count(row?.other) };
}
