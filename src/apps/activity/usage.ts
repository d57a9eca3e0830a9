import { type Executor, statement } from '../../database/index.ts';
import type { ClientId } from '../../kernel/index.ts';
import { IN_SPACE } from './in-space.ts';

const USAGE = { at: 'timestamptz', measure: 'text', name: 'text', count: 'int8' } as const;
const readSql = (table: string, condition = 'true'): string =>
  `select date_trunc($4::text, hour) as at, measure, name, sum(count)::int8 as count from ${table}
   where client_id = $1 and hour >= $2 and hour < $3 and ${condition} group by 1, 2, 3 order by 1, 2, 3`;
const read = statement('registry.activity.usage', USAGE, readSql('app_usage'));
const readMadeUp = statement('registry.made-up-activity.usage', USAGE, readSql('made_up_usage', IN_SPACE));
const readPatients = statement(
  'registry.activity.patients',
  { day: 'date', count: 'int8' },
  `select day, count(*) as count from app_usage_patient
   where client_id = $1 and day >= $2::date and day < $3::date group by day order by day`,
);
const readFirst = statement(
  'registry.activity.first-call',
  { first_call_at: 'timestamptz?' },
  'select first_call_at from app where client_id = $1',
);

/** A period of usage in UTC. `to` is exclusive. */
export interface UsageSpan {
  readonly from: Date;
  readonly to: Date;
  readonly resolution: 'hour' | 'day';
}

/**
 * A usage count of one hour or day. `measure` says what `count` counts: `call` requests, `type`
 * requests by the resource type in `name`, `error` errors by the code in `name`, `unproved` errors
 * of unauthenticated callers (also counted as `error`), `funnel` authorizations that reached the
 * step in `name`, `patients` distinct patients, `lost` requests that are counted but missing from
 * the log.
 */
export interface UsageMeasurement {
  readonly at: Date;
  readonly measure: string;
  readonly name: string;
  readonly count: number;
}

/**
 * Returns the usage of an app by hour or day. Hours and days without usage are left out. Distinct
 * patients are always counted by whole days.
 */
export async function readUsage(
  db: Executor,
  clientId: ClientId,
  span: UsageSpan,
): Promise<readonly UsageMeasurement[]> {
  const { from, to, resolution } = span;
  const counted = await db.query(read, [clientId, from, to, resolution]);
  const patients = await db.query(readPatients, [clientId, from, to]);
  const fresh = patients.map(({ day, count }) => ({
    at: new Date(`${day}T00:00:00Z`),
    measure: 'patients',
    name: '',
    count,
  }));
  return [...counted, ...fresh];
}

/** Returns the made-up usage of a made-up app, as `readUsage` does. Its table has the patients of each day, too. */
export const readMadeUpUsage = (
  db: Executor,
  clientId: ClientId,
  { from, to, resolution }: UsageSpan,
): Promise<readonly UsageMeasurement[]> => db.query(readMadeUp, [clientId, from, to, resolution]);

/** Returns when an app first received data; undefined if it hasn't yet. */
export async function findFirstCall(db: Executor, clientId: ClientId): Promise<Date | undefined> {
  const [row] = await db.query(readFirst, [clientId]);
  return row?.first_call_at ?? undefined;
}
