import type { Writable } from 'node:stream';
import { Presets, SingleBar } from 'cli-progress';

export interface LoadProgress {
  /** @param there how many of those that are done were there already */
  show(done: number, all: number, there: number): void;
  stop(): void;
}

/** Milliseconds between two lines where nobody looks on: a file, the journal of the system. */
const EACH = 5000;

const FACTS = '{value} of {total} resources | {rate}/s | {left} left | {there} were there already';

/** On standard error: a bar on a terminal, else a line every few seconds. */
export function loadProgress(
  stream: Writable & { readonly isTTY?: boolean },
  now: () => number = () => performance.now(),
): LoadProgress {
  const format = stream.isTTY ? `{bar} {percentage}% | ${FACTS}` : `{percentage}% | ${FACTS}`;
  const bar = new SingleBar(
    { format, stream, noTTYOutput: true, notTTYSchedule: EACH, hideCursor: true },
    Presets.shades_classic,
  );
  const rateOf = recentRate(now);
  let begun = false;
  return {
    show(done, all, there) {
      const perSecond = rateOf(done);
      const rate = perSecond === undefined ? '–' : Math.round(perSecond).toLocaleString('en');
      const facts = { rate, left: timeLeft(all - done, perSecond), there };
      if (!begun) bar.start(all, 0, facts);
      begun = true;
      bar.setTotal(all);
      bar.update(done, facts);
    },
    stop: () => bar.stop(),
  };
}

/** Of the last so many milliseconds: what was there already is skipped far faster than the rest is loaded. */
const RECENT = 10_000;

/** undefined: it can't be told yet. */
function recentRate(now: () => number): (done: number) => number | undefined {
  const marks: { readonly at: number; readonly done: number }[] = [];
  return (done) => {
    const at = now();
    if (at - (marks.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= RECENT / 20) marks.push({ at, done });
    while (marks.length > 1 && at - (marks[1]?.at ?? at) >= RECENT) marks.shift();
    const from = marks[0] ?? { at, done };
    const seconds = (at - from.at) / 1000;
    return seconds < 1 ? undefined : (done - from.done) / seconds;
  };
}

/** At the rate of late: `1h 5m`, `2m 10s`, `40s`. */
function timeLeft(resources: number, perSecond: number | undefined): string {
  if (resources <= 0) return '0s';
  if (perSecond === undefined || perSecond === 0) return '–';
  const seconds = Math.ceil(resources / perSecond);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}
