import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { type ClientId, type Clock, days, hours, later, type OrganisationId, type Random } from '../../kernel/index.ts';
import { insertNotification } from './notification.ts';

/** Milliseconds with which the last hour and day are compared: the two weeks before that day. */
const USUAL_PERIOD = days(14);
/** Minimum milliseconds between two warnings about one app. */
const WARNING_INTERVAL = days(1);

/** Requests of an app and how many of them failed. */
interface ErrorCount {
  readonly requests: number;
  readonly errors: number;
}

/** Fewer errors than this, in an hour or a day, are never reported: a few failures are normal. */
const MIN_ERRORS = 20;
/** A smaller share of errors is never reported. */
const MIN_SHARE = 0.1;
/** The share of errors must be at least this many times the usual one. */
const MIN_FACTOR = 3;
/** With fewer requests in the two weeks before, no share is usual: the app is new, or hardly used. */
const MIN_USUAL_REQUESTS = 100;

/**
 * Returns the number of all requests. Requests to the token endpoint are counted only if they fail, so there can be more
 * errors than counted requests.
 */
const allRequests = ({ requests, errors }: ErrorCount): number => Math.max(requests, errors, 1);
/** Returns the share of errors, from 0 to 1. */
const shareOfErrors = (counted: ErrorCount): number => counted.errors / allRequests(counted);

/** Returns whether an app has many more errors than usual, so that its developers should look at them. */
export const areErrorsRising = (recent: ErrorCount, usual: ErrorCount): boolean =>
  usual.requests >= MIN_USUAL_REQUESTS &&
  recent.errors >= MIN_ERRORS &&
  shareOfErrors(recent) >= MIN_SHARE &&
  // Compares whole numbers, because 0.3 is less than 3 * 0.1 in floating point.
  recent.errors * allRequests(usual) >= MIN_FACTOR * usual.errors * allRequests(recent);

const COLUMNS = {
  client_id: 'text',
  hour_calls: 'int8',
  hour_errors: 'int8',
  day_calls: 'int8',
  day_errors: 'int8',
  usual_calls: 'int8',
  usual_errors: 'int8',
} as const;

/** SQL of the sums of requests and errors in a period. `unproved` errors aren't the app's: anyone can cause them. */
const sums = (name: string, period: string): string => `
  coalesce(sum(u.count) filter (where u.measure = 'call' and ${period}), 0)::int8 as ${name}_calls,
  greatest(coalesce(sum(case u.measure when 'error' then u.count else -u.count end)
    filter (where u.measure in ('error', 'unproved') and ${period}), 0), 0)::int8 as ${name}_errors`;

const countSql = (table: string): string =>
  `select u.client_id, ${sums('hour', 'u.hour >= $3')}, ${sums('day', 'u.hour >= $2')}, ${sums('usual', 'u.hour < $2')}
   from app a
   join ${table} u on u.client_id = a.client_id and u.hour >= $1 and u.hour < $4 and u.measure in ('call', 'error', 'unproved')
   where a.organisation_id is not null and a.state in ('provisional', 'active')
     and (a.errors_warned_at is null or a.errors_warned_at <= $5)
   group by u.client_id`;
const count = {
  real: statement('registry.rising-errors.count', COLUMNS, countSql('app_usage')),
  madeUp: statement('registry.rising-errors.count-made-up', COLUMNS, countSql('made_up_usage')),
};

/** Marks an app as warned. Each process may try this; only one of them changes the row and sends the warning. */
const claim = statement(
  'registry.rising-errors.claim',
  { app_name: 'text', organisation_id: 'uuid' },
  `update app set errors_warned_at = $2
   where client_id = $1 and organisation_id is not null and (errors_warned_at is null or errors_warned_at <= $3)
   returning name as app_name, organisation_id`,
);

/** An app that has many more errors than usual. */
export interface RisingErrors {
  readonly clientId: ClientId;
  readonly appName: string;
  readonly organisationId: OrganisationId;
  /** The period with the errors, which ended with the last full hour. */
  readonly period: 'hour' | 'day';
  readonly errors: number;
  /** Share of requests that failed in the period, in percent. */
  readonly percent: number;
  /** Share of requests that failed in the two weeks before, in percent. */
  readonly usualPercent: number;
}

/**
 * Returns the apps whose share of errors in the last full hour, or in the 24 hours before, is much higher than usual.
 * Adds a notification for each, at most one per app and day. The caller queues the emails in the same transaction.
 * @param usage the counts of real apps or, in a transaction in a made-up space, those of the apps of that space
 */
export async function claimRisingErrors(
  tx: Executor,
  deps: { readonly clock: Clock; readonly random: Random },
  usage: 'real' | 'madeUp' = 'real',
): Promise<readonly RisingErrors[]> {
  const now = deps.clock.now();
  const end = new Date(Math.floor(now.getTime() / hours(1)) * hours(1));
  const day = later(end, -days(1));
  const warnedBefore = later(now, -WARNING_INTERVAL);
  const rows = await tx.query(count[usage], [later(day, -USUAL_PERIOD), day, later(end, -hours(1)), end, warnedBefore]);
  const rising: RisingErrors[] = [];
  for (const row of rows) {
    const found = findRisingPeriod(row);
    if (found === undefined) continue;
    const [claimed] = await tx.query(claim, [row.client_id, now, warnedBefore]);
    if (claimed === undefined) continue;
    const clientId = row.client_id as ClientId;
    await insertNotification(tx, deps, { clientId, kind: 'errors-rising', detail: found });
    const { app_name: appName, organisation_id: organisationId } = claimed;
    rising.push({ clientId, appName, organisationId: organisationId as OrganisationId, ...found });
  }
  return rising;
}

type RisingPeriod = Pick<RisingErrors, 'period' | 'errors' | 'percent' | 'usualPercent'>;

function findRisingPeriod(row: RowOf<typeof COLUMNS>): RisingPeriod | undefined {
  const usual = { requests: row.usual_calls, errors: row.usual_errors };
  const periods = [
    ['hour', { requests: row.hour_calls, errors: row.hour_errors }],
    ['day', { requests: row.day_calls, errors: row.day_errors }],
  ] as const;
  const [period, recent] = periods.find(([, one]) => areErrorsRising(one, usual)) ?? [];
  if (period === undefined || recent === undefined) return undefined;
  return { period, errors: recent.errors, percent: toPercent(recent), usualPercent: toPercent(usual) };
}

/** Returns the share of errors in percent, with one decimal below 10 %. */
function toPercent(counted: ErrorCount): number {
  const percent = 100 * shareOfErrors(counted);
  return percent < 10 ? Math.round(percent * 10) / 10 : Math.round(percent);
}
