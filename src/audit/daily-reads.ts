import { type Executor, statement } from '../database/index.ts';
import type { ScheduledTask } from '../jobs/index.ts';
import { EVERY_MINUTE, HOURLY } from '../jobs/index.ts';

/**
 * Number of events or rows with which one call of a function of the database works, so that no transaction takes more
 * than about a second. An event can be about 1,000 records.
 */
const EVENTS_AT_ONCE = 1000;
const ROWS_AT_ONCE = 5000;

const fill = statement(
  'audit.daily-reads.fill',
  { more: 'bool' },
  `select fill_daily_reads(${EVENTS_AT_ONCE}) as more`,
);
const purge = statement(
  'audit.daily-reads.purge',
  { more: 'bool' },
  `select purge_daily_reads(${ROWS_AT_ONCE}) as more`,
);
const pending = statement('audit.daily-reads.pending', { at: 'timestamptz' }, 'select at from daily_read_pending');

/**
 * SQL: each app that read data of a practice's patients, as `client_id`. One lookup in the index finds each.
 * @param practice SQL of the practice's id
 */
export const readingAppsSql = (practice: string): string => `
     with recursive app as (
       (select d.client_id from daily_read d where d.practice_id = ${practice} order by d.client_id limit 1)
       union all
       select (select d.client_id from daily_read d where d.practice_id = ${practice} and d.client_id > a.client_id
         order by d.client_id limit 1)
       from app a where a.client_id is not null)
     select client_id from app where client_id is not null`;

/**
 * SQL: the days on which an app read data of a practice's patients, as the columns of `daily_read`: each day, record and
 * person once, in descending order of `since_at`, `record_id` and `account_id`.
 * @param condition SQL condition on these columns of the alias `d`
 * @param limit SQL of the number of rows
 */
export const daysOfAppSql = (practice: string, clientId: string, condition: string, limit: string): string => `
         select distinct on (d.since_at, d.record_id, d.account_id) d.client_id, d.since_at, d.until_at, d.record_id,
           d.account_id
         from daily_read d where d.practice_id = ${practice} and d.client_id = ${clientId} and ${condition}
         order by d.since_at desc, d.record_id desc, d.account_id desc limit ${limit}`;

/** SQL: when an app last read data of a practice's patients, to the minute. */
export const lastReadSql = (practice: string, clientId: string): string =>
  `(select l.read_at from app_last_read l where l.practice_id = ${practice} and l.client_id = ${clientId})`;

/**
 * The tasks of the table `daily_read`, which finds events for the data access report: events from before the upgrade to
 * the first release with the table are added, and rows of months that were dropped are deleted.
 */
export const dailyReadTasks = (db: Executor, isStopping: () => boolean): readonly ScheduledTask[] => [
  { name: 'fill-daily-reads', cron: EVERY_MINUTE, run: () => repeat(db, fill, isStopping) },
  { name: 'purge-daily-reads', cron: HOURLY, run: () => repeat(db, purge, isStopping) },
];

async function repeat(db: Executor, step: typeof fill, isStopping: () => boolean): Promise<void> {
  while (!isStopping() && (await db.query(step))[0]?.more === true);
}

/**
 * Returns the time from which on `daily_read` has the reads of all practices; undefined if it has all. It lacks older
 * ones for a while after an upgrade.
 */
export const findIncompleteReads = async (db: Executor): Promise<Date | undefined> => (await db.query(pending))[0]?.at;
