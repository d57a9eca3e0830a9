import type { UsageMeasurement, UsageSpan } from '../../apps/index.ts';
import { AUTHORIZATION_FUNNEL_STEPS } from '../../domain/index.ts';
import { days, hours, invalidField, later } from '../../kernel/index.ts';
import { toTimestamp, type UsageQuery, type UsageResponse } from '../../portal-api/index.ts';

const DEFAULT_DAYS = 30;
const MAX_DAYS = 400;
const MAX_DAYS_BY_HOUR = 7;
const DAY = days(1);

/**
 * Returns the requested period as whole days in UTC, including its last day. Throws
 * `fields-invalid` for an invalid or too long period.
 */
export function resolvePeriod(query: UsageQuery, now: Date): UsageSpan {
  const last = query.to === undefined ? dayOf(now) : day('to', query.to);
  const first =
    query.from === undefined ? later(last, DAY - days(query.days ?? DEFAULT_DAYS)) : day('from', query.from);
  const count = (last.getTime() - first.getTime()) / DAY + 1;
  if (count < 1) throw invalidField('from', 'from must not be after to.');
  if (count > MAX_DAYS) throw invalidField('from', `A request can cover at most ${MAX_DAYS} days.`);
  const { resolution = 'day' } = query;
  if (resolution === 'hour' && count > MAX_DAYS_BY_HOUR) {
    throw invalidField('resolution', `A request with hourly resolution can cover at most ${MAX_DAYS_BY_HOUR} days.`);
  }
  return { from: first, to: later(last, DAY), resolution };
}

const dayOf = (at: Date): Date => new Date(Math.floor(at.getTime() / DAY) * DAY);

function day(field: string, text: string): Date {
  const at = new Date(`${text}T00:00:00Z`);
  if (!Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)) return at;
  throw invalidField(field, `${field} must be a day such as 2026-11-26.`);
}

/**
 * Builds the response with the usage of an app. Includes every hour or day of the period, with
 * zeros if nothing happened.
 */
export function toUsageResponse(
  span: UsageSpan,
  counted: readonly UsageMeasurement[],
  firstCallAt: Date | undefined,
): UsageResponse {
  const { from, to, resolution } = span;
  const unproved = new Map(sumByName(counted, 'unproved'));
  const sum = (measure: string) => counted.filter((one) => one.measure === measure).reduce(addCount, 0);
  return {
    from: from.toISOString().slice(0, 10),
    to: later(to, -DAY).toISOString().slice(0, 10),
    resolution,
    buckets: toBuckets(span, counted),
    types: sumByName(counted, 'type').map(([type, count]) => ({ type, count })),
    errors: sumByName(counted, 'error').map(([code, count]) => ({ code, count, unproved: unproved.get(code) ?? 0 })),
    funnel: AUTHORIZATION_FUNNEL_STEPS.map((step) => ({
      step,
      count: new Map(sumByName(counted, 'funnel')).get(step) ?? 0,
    })),
    totals: { calls: sum('call'), errors: sum('error'), unproved: sum('unproved'), lost: sum('lost') },
    firstCallAt: toTimestamp(firstCallAt),
  };
}

const addCount = (total: number, { count }: UsageMeasurement): number => total + count;

function toBuckets(
  { from, to, resolution }: UsageSpan,
  counted: readonly UsageMeasurement[],
): UsageResponse['buckets'] {
  const step = resolution === 'hour' ? hours(1) : DAY;
  const length = (to.getTime() - from.getTime()) / step;
  const buckets = Array.from({ length }, (_, i) => ({
    at: later(from, i * step).toISOString(),
    calls: 0,
    errors: 0,
    patients: resolution === 'day' ? 0 : null,
  }));
  for (const { at, measure, count } of counted) {
    const bucket = buckets[Math.floor((at.getTime() - from.getTime()) / step)];
    if (bucket === undefined) continue;
    if (measure === 'call') bucket.calls += count;
    if (measure === 'error') bucket.errors += count;
    if (measure === 'patients' && bucket.patients !== null) bucket.patients += count;
  }
  return buckets;
}

/**
 * Adds up the counts of one measure (such as `error`) by name (such as an error code), and returns
 * the names and their sums, highest sum first.
 */
function sumByName(counted: readonly UsageMeasurement[], measure: string): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const one of counted) {
    if (one.measure === measure) sums.set(one.name, (sums.get(one.name) ?? 0) + one.count);
  }
  return [...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
