import { type Executor, statement } from '../database/index.ts';
import type { PracticeId } from '../kernel/index.ts';
import type { SourceOrigin } from './references/reference-map.ts';

/** Numbers of resources in one feed Bundle or import, by what happened to them. */
export interface IntakeCounts {
  readonly created?: number;
  readonly updated?: number;
  readonly unchanged?: number;
  /**
   * Number of resources that are older than the version that the same app or import source sent before. They are not
   * written.
   */
  readonly stale?: number;
  readonly deleted?: number;
  readonly refused?: number;
}

const addStatement = statement(
  'intake.add-to-day',
  {},
  `insert into intake_day as d
     (practice_id, source, day, last_at, inputs, created, updated, unchanged, stale, deleted, refused)
   values ($1, $2, ($3::timestamptz at time zone 'UTC')::date, $3, 1, $4, $5, $6, $7, $8, $9)
   on conflict (practice_id, source, day) do update set last_at = greatest(d.last_at, excluded.last_at),
     inputs = d.inputs + 1, created = d.created + excluded.created, updated = d.updated + excluded.updated,
     unchanged = d.unchanged + excluded.unchanged, stale = d.stale + excluded.stale,
     deleted = d.deleted + excluded.deleted, refused = d.refused + excluded.refused`,
);
const listStatement = statement(
  'intake.list-sources',
  {
    practice_id: 'int4',
    source: 'text',
    last_at: 'timestamptz',
    inputs: 'int8',
    written: 'int8',
    stale: 'int8',
    refused: 'int8',
  },
  `select practice_id, source, max(last_at) as last_at, coalesce(sum(inputs) filter (where recent), 0)::int8 as inputs,
     coalesce(sum(created + updated + unchanged + deleted) filter (where recent), 0)::int8 as written,
     coalesce(sum(stale) filter (where recent), 0)::int8 as stale,
     coalesce(sum(refused) filter (where recent), 0)::int8 as refused
   from (select *, last_at >= $1 as recent from intake_day) d
   group by 1, 2 order by 1, 2`,
);
const purgeStatement = statement('intake.sweep-days', {}, 'delete from intake_day where last_at < $1');

/** Adds the counts of one feed Bundle or one import to the daily counts of its source, an app or a name for imports. */
export async function addIntakeCounts(
  db: Executor,
  { practiceId, source }: SourceOrigin,
  at: Date,
  { created = 0, updated = 0, unchanged = 0, stale = 0, deleted = 0, refused = 0 }: IntakeCounts,
): Promise<void> {
  await db.query(addStatement, [practiceId, source, at, created, updated, unchanged, stale, deleted, refused]);
}

/**
 * Activity of a source at a practice. A source is an app that sends Bundles, or an operator's imports under one name.
 */
export interface SourceHealth {
  readonly practiceId: PracticeId;
  /** Name of the source: `app:` with a client_id, or the name that the operator gave the import. */
  readonly source: string;
  readonly lastAt: Date;
  /** Number of Bundles and imports of the source since the requested time. */
  readonly inputs: number;
  /**
   * Number of resources of the source since the requested time that were created, updated, deleted or already up to
   * date.
   */
  readonly written: number;
  readonly stale: number;
  readonly refused: number;
}

/** Lists the sources of all practices with their activity since a time. */
export async function listSources(db: Executor, since: Date): Promise<readonly SourceHealth[]> {
  const rows = await db.query(listStatement, [since]);
  return rows.map(({ practice_id, last_at, ...row }) => ({
    ...row,
    practiceId: practice_id as PracticeId,
    lastAt: last_at,
  }));
}

/** Deletes daily counts of days whose last Bundle or import was before the given time. */
export async function purgeDailyCounts(db: Executor, before: Date): Promise<void> {
  await db.query(purgeStatement, [before]);
}

const countsOfDay = statement(
  'intake.counts-of-day',
  { via: 'text', created: 'int8', updated: 'int8', unchanged: 'int8', stale: 'int8', deleted: 'int8', refused: 'int8' },
  `select case when source like 'app:%' then 'feed' else 'load' end as via, sum(created)::int8 as created,
     sum(updated)::int8 as updated, sum(unchanged)::int8 as unchanged, sum(stale)::int8 as stale,
     sum(deleted)::int8 as deleted, sum(refused)::int8 as refused
   from intake_day where day = $1::date group by 1`,
);

/** Returns how many resources feeds and loads sent on the day of a time (UTC), by result. */
export const countIntakeOfDay = (db: Executor, at: Date) => db.query(countsOfDay, [at]);
