import { days, hours, later, Problem } from '../../kernel/index.ts';
import type { Counted, UsageSpan } from '../../registry/index.ts';
import { FUNNEL_STEPS, type UsageAnswer, type UsageAsked } from '../contract/activity.ts';

const USUAL = 30;
const MOST_DAYS = 400;
const MOST_DAYS_BY_HOUR = 7;
const DAY = days(1);

/** Resolves the requested period to whole days in UTC, including the last day. Throws `fields-invalid`. */
export function spanOf(query: UsageAsked, now: Date): UsageSpan {
  const last = query.to === undefined ? dayOf(now) : day('to', query.to);
  const first = query.from === undefined ? later(last, DAY - days(query.days ?? USUAL)) : day('from', query.from);
  const count = (last.getTime() - first.getTime()) / DAY + 1;
  if (count < 1) throw invalid('from', 'from must not be after to.');
  if (count > MOST_DAYS) throw invalid('from', `At most ${MOST_DAYS} days can be asked for at once.`);
  const { resolution = 'day' } = query;
  if (resolution === 'hour' && count > MOST_DAYS_BY_HOUR) {
    throw invalid('resolution', `By the hour at most ${MOST_DAYS_BY_HOUR} days can be asked for.`);
  }
  return { from: first, to: later(last, DAY), resolution };
}

const dayOf = (at: Date): Date => new Date(Math.floor(at.getTime() / DAY) * DAY);

function day(field: string, text: string): Date {
  const at = new Date(`${text}T00:00:00Z`);
  if (!Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)) return at;
  throw invalid(field, `${field} must be a day such as 2026-11-26.`);
}

const invalid = (field: string, message: string): Problem =>
  new Problem('fields-invalid', { status: 400, message, faults: [{ field, message }] });

/** Builds the response. Every hour or day of the period is included, with zeros where nothing happened. */
export function usageAnswer(span: UsageSpan, counted: readonly Counted[], firstCallAt: Date | undefined): UsageAnswer {
  const { from, to, resolution } = span;
  const unproved = new Map(byName(counted, 'unproved'));
  const sum = (measure: string) => counted.filter((one) => one.measure === measure).reduce(added, 0);
  return {
    from: from.toISOString().slice(0, 10),
    to: later(to, -DAY).toISOString().slice(0, 10),
    resolution,
    buckets: bucketsOf(span, counted),
    types: byName(counted, 'type').map(([type, count]) => ({ type, count })),
    errors: byName(counted, 'error').map(([code, count]) => ({ code, count, unproved: unproved.get(code) ?? 0 })),
    funnel: FUNNEL_STEPS.map((step) => ({ step, count: new Map(byName(counted, 'funnel')).get(step) ?? 0 })),
    totals: { calls: sum('call'), errors: sum('error'), unproved: sum('unproved'), lost: sum('lost') },
    firstCallAt: firstCallAt?.toISOString() ?? null,
  };
}

const added = (total: number, { count }: Counted): number => total + count;

function bucketsOf({ from, to, resolution }: UsageSpan, counted: readonly Counted[]): UsageAnswer['buckets'] {
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

/** Sums by name, most frequent first. */
function byName(counted: readonly Counted[], measure: string): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const one of counted) {
    if (one.measure === measure) sums.set(one.name, (sums.get(one.name) ?? 0) + one.count);
  }
  return [...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
