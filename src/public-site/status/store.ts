import { type Executor, statement } from '../../database/index.ts';
import type { ProbeResult, StatusComponent } from './component.ts';

/**
 * Inserts probe results, and adds them to the day's number of probes and of successful probes. If
 * two servers probe in the same interval, only the first result of each component is inserted and
 * counted.
 */
const insertResults = statement(
  'portal.status.keep',
  {},
  `with fresh as (
     insert into status_sample (at, component, ok, milliseconds)
     select $1, * from unnest($2::text[], $3::bool[], $4::int4[]) on conflict do nothing
     returning component, ok)
   insert into status_day as kept (day, component, samples, good)
   select ($1 at time zone 'UTC')::date, component, 1, ok::int4 from fresh
   on conflict (day, component) do update set samples = kept.samples + 1, good = kept.good + excluded.good`,
);
const slotStatement = statement(
  'portal.status.taken',
  { taken: 'bool' },
  'select exists(select from status_sample where at = $1) as taken',
);
const days = statement(
  'portal.status.days',
  { day: 'date', component: 'text', samples: 'int4', good: 'int4' },
  'select day, component, samples, good from status_day where day >= $1 order by day',
);
const last = statement(
  'portal.status.last',
  { component: 'text', at: 'timestamptz', ok: 'bool' },
  'select distinct on (component) component, at, ok from status_sample where at >= $1 order by component, at desc',
);
const speed = statement(
  'portal.status.speed',
  { component: 'text', half: 'int4', most: 'int4' },
  `select component, (percentile_disc(0.5) within group (order by milliseconds))::int4 as half,
     (percentile_disc(0.95) within group (order by milliseconds))::int4 as most
   from status_sample where at >= $1 and ok group by component`,
);
const purgeResults = statement('portal.status.sweep-samples', {}, 'delete from status_sample where at < $1');
const purgeDays = statement('portal.status.sweep-days', {}, 'delete from status_day where day < $1');

/**
 * Saves the results of one round of probes.
 * @param at start of the five-minute interval in which the components were probed; all servers use
 * the same intervals
 */
export async function saveProbeResults(db: Executor, at: Date, samples: readonly ProbeResult[]): Promise<void> {
  const components = samples.map(({ component }) => component);
  const oks = samples.map(({ ok }) => ok);
  const times = samples.map(({ milliseconds }) => milliseconds);
  await db.query(insertResults, [at, components, oks, times]);
}

export async function isSlotProbed(db: Executor, at: Date): Promise<boolean> {
  return (await db.query(slotStatement, [at]))[0]?.taken === true;
}

export interface ComponentDay {
  /** Date of the day in UTC, ISO 8601. */
  readonly day: string;
  readonly component: StatusComponent;
  readonly samples: number;
  readonly good: number;
}

export interface StatusHistory {
  readonly days: readonly ComponentDay[];
  readonly last: ReadonlyMap<StatusComponent, { readonly at: Date; readonly ok: boolean }>;
  readonly speed: ReadonlyMap<StatusComponent, { readonly half: number; readonly most: number }>;
}

/**
 * Reads the results of past probes.
 * @param firstDay first day whose probes are counted, as an ISO 8601 date
 * @param recently start of the period whose latest results are the current state
 * @param dayAgo start of the period whose probes give the response times
 */
export async function readHistory(
  db: Executor,
  firstDay: string,
  recently: Date,
  dayAgo: Date,
): Promise<StatusHistory> {
  const counted = await db.query(days, [firstDay]);
  const newest = await db.query(last, [recently]);
  const quick = await db.query(speed, [dayAgo]);
  return {
    days: counted.map((row) => ({ ...row, component: row.component as StatusComponent })),
    last: new Map(newest.map(({ component, at, ok }) => [component as StatusComponent, { at, ok }])),
    speed: new Map(quick.map(({ component, half, most }) => [component as StatusComponent, { half, most }])),
  };
}

/** Deletes old probe results, and the daily numbers of probes that the status page no longer shows. */
export async function purgeStatus(db: Executor, before: Date): Promise<void> {
  await db.query(purgeResults, [before]);
  await db.query(purgeDays, [before.toISOString().slice(0, 10)]);
}
