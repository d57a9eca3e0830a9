import { type Executor, statement } from '../database/index.ts';
import type { ScheduledTask } from '../jobs/index.ts';
import { EVERY_MINUTE, HOURLY } from '../jobs/index.ts';
import { type Clock, later, minutes } from '../kernel/index.ts';

/**
 * Number of events or rows with which one call of a function of the database works, so that no transaction takes more
 * than about a second. An event can be about 1,000 records.
 */
const EVENTS_AT_ONCE = 1000;
const ROWS_AT_ONCE = 5000;
/** Number of events that a page adds by itself before it says that reads may be missing. */
const EVENTS_OF_PAGE = 5000;
/**
 * Milliseconds after which no event with an earlier time is stored. The log stores a read before its response, and the
 * clocks of servers may differ.
 */
const SETTLED = minutes(5);

const fill = statement(
  'audit.daily-reads.fill',
  { is_complete: 'bool', until: 'timestamptz' },
  'select is_complete, until from fill_daily_reads($1, $2)',
);
const purge = statement(
  'audit.daily-reads.purge',
  { more: 'bool' },
  `select purge_daily_reads(${ROWS_AT_ONCE}) as more`,
);

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

/** SQL: when an app last read data of a practice's patients, as of the last event that was added. */
export const lastReadSql = (practice: string, clientId: string): string =>
  `(select l.read_at from app_last_read l where l.practice_id = ${practice} and l.client_id = ${clientId})`;

/**
 * The tasks of the table `daily_read`, which finds events for the data access report: new events are added, and rows of
 * months that were dropped are deleted.
 */
export const dailyReadTasks = (db: Executor, isStopping: () => boolean): readonly ScheduledTask[] => [
  {
    name: 'fill-daily-reads',
    cron: EVERY_MINUTE,
    keptFor: SETTLED,
    async run(settled) {
      while (!isStopping()) {
        const [state] = await db.query(fill, [EVENTS_AT_ONCE, settled]);
        if (state === undefined || state.is_complete || state.until >= settled) return;
      }
    },
  },
  {
    name: 'purge-daily-reads',
    cron: HOURLY,
    async run() {
      while (!isStopping() && (await db.query(purge))[0]?.more === true);
    },
  },
];

/**
 * Adds the reads since the last run of the task to `daily_read`.
 * @returns the time after which reads may be missing, because there are too many for a page; undefined if none is missing
 */
export async function addRecentReads(db: Executor, clock: Clock): Promise<Date | undefined> {
  const [state] = await db.query(fill, [EVENTS_OF_PAGE, later(clock.now(), -SETTLED)]);
  return state === undefined || state.is_complete ? undefined : state.until;
}
