import { type Executor, statement } from '../../database/index.ts';
import { days, later } from '../../kernel/index.ts';

const ROW_RETENTION = days(30);
/**
 * Milliseconds for which usage counts are retained: thirteen months, so that a month can be
 * compared with the same month of the year before.
 */
const COUNT_RETENTION = days(396);
/**
 * Maximum number of log rows that are retained for one app. Rows that anyone with the client_id can
 * cause have the lower limit `MAX_CLAIMED`.
 */
const MAX_PROVED = 100_000;
const MAX_CLAIMED = 20_000;
/**
 * Maximum number of log rows of issued tokens that are retained for one app, so that constant token
 * refreshes don't displace its errors.
 */
const MAX_GRANTED = 10_000;

const isTokenRowSql = (row: string): string => `(${row}.endpoint = 'token' and ${row}.error is null)`;
const isProvedSql = (row: string): string => `(${row}.endpoint like 'fhir-%' or ${row}.parameters <> '{}')`;

/**
 * Deletes, for each app, log rows that are too old or exceed the maximum number. The limits of each app are computed
 * first. PostgreSQL would otherwise compute them for each row, if it takes a table that has just grown for empty.
 */
const rows = statement(
  'registry.activity.sweep-rows',
  {},
  `with edge as materialized (
     select a.client_id, greatest($1::timestamptz, p.edge) as proved, greatest($1::timestamptz, c.edge) as claimed,
       greatest($1::timestamptz, g.edge) as granted
     from app a
     left join lateral (select at as edge from app_request q where q.client_id = a.client_id
       and ${isProvedSql('q')} and not ${isTokenRowSql('q')} order by at desc, id desc offset $2 limit 1) p on true
     left join lateral (select at as edge from app_request q where q.client_id = a.client_id
       and not ${isProvedSql('q')} order by at desc, id desc offset $3 limit 1) c on true
     left join lateral (select at as edge from app_request q where q.client_id = a.client_id
       and ${isTokenRowSql('q')} order by at desc, id desc offset $4 limit 1) g on true)
   delete from app_request r using edge
   where r.client_id = edge.client_id
     and r.at <= case when ${isTokenRowSql('r')} then edge.granted when ${isProvedSql('r')} then edge.proved else edge.claimed end`,
);
const counts = statement('registry.activity.sweep-counts', {}, 'delete from app_usage where hour < $1');
/** Deletes the patient pseudonyms of past days. Stores instead how many patients' data each app received per day. */
const patients = statement(
  'registry.activity.sweep-patients',
  {},
  `with gone as (delete from app_usage_patient where day < $1::date returning client_id, day)
   insert into app_usage (client_id, hour, measure, count)
   select client_id, day::timestamptz, 'patients', count(*) from gone group by client_id, day
   on conflict (client_id, hour, measure, name) do update set count = app_usage.count + excluded.count`,
);
const families = statement(
  'registry.activity.sweep-families',
  {},
  `delete from app_first_data d where d.at < $1
     and not exists (select from token_family f where f.family_id = d.family_id)`,
);

/**
 * Deletes expired log rows and usage counts. Keeps the patient pseudonyms of yesterday and today in
 * UTC, because west of UTC a developer's current day can still be yesterday's date.
 */
export async function purgeActivity(db: Executor, now: Date): Promise<void> {
  await db.query(rows, [later(now, -ROW_RETENTION), MAX_PROVED, MAX_CLAIMED, MAX_GRANTED]);
  await db.query(patients, [later(now, -days(1))]);
  await db.query(counts, [later(now, -COUNT_RETENTION)]);
  await db.query(families, [later(now, -days(1))]);
}
