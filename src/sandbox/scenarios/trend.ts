import type { YearsAgo } from './calendar.ts';

/** Values over a person's life, each with its time, the oldest first. */
export type Trend = readonly (readonly [ago: YearsAgo, value: number])[];

/** Interpolates linearly between two points. The value is constant beyond both ends. */
export function valueAt(trend: Trend, ago: YearsAgo): number {
  const after = trend.findIndex(([at]) => at <= ago);
  const [, last] = trend.at(-1) ?? [0, 0];
  if (after === -1) return last;
  const [to, high] = trend[after] as (typeof trend)[number];
  const [from, low] = trend[after - 1] ?? [to, high];
  return from === to ? high : low + ((high - low) * (from - ago)) / (from - to);
}
