import type { Writable } from 'node:stream';
import { Presets, SingleBar } from 'cli-progress';

export interface LoadProgress {
  /**
   * Shows how many resources have been processed.
   * @param alreadyStored how many of them had been stored by an earlier load
   */
  show(done: number, all: number, alreadyStored: number): void;
  stop(): void;
}

/** Milliseconds between two progress lines if standard error is not a terminal but a file or the system journal. */
const LINE_INTERVAL_MS = 5000;

const PROGRESS_FORMAT = '{value} of {total} resources | {rate}/s | {left} left | {there} already stored';

/** Shows the progress of a load on standard error: as a bar on a terminal, otherwise as a line every few seconds. */
export function createLoadProgress(
  stream: Writable & { readonly isTTY?: boolean },
  now: () => number = () => performance.now(),
): LoadProgress {
  const format = stream.isTTY ? `{bar} {percentage}% | ${PROGRESS_FORMAT}` : `{percentage}% | ${PROGRESS_FORMAT}`;
  const bar = new SingleBar(
    { format, stream, noTTYOutput: true, notTTYSchedule: LINE_INTERVAL_MS, hideCursor: true },
    Presets.shades_classic,
  );
  const rateOf = createRateMeter(now);
  let begun = false;
  return {
    show(done, all, alreadyStored) {
      const perSecond = rateOf(done);
      const rate = perSecond === undefined ? '–' : Math.round(perSecond).toLocaleString('en');
      const facts = { rate, left: timeLeft(all - done, perSecond), there: alreadyStored };
      if (!begun) bar.start(all, 0, facts);
      begun = true;
      bar.setTotal(all);
      bar.update(done, facts);
    },
    stop: () => bar.stop(),
  };
}

/**
 * Milliseconds over which the loading rate is measured. The period is short, because resources that are already stored
 * are skipped far faster than new ones are loaded.
 */
const RATE_WINDOW_MS = 10_000;

/**
 * Creates a function that takes the number of resources loaded so far and returns how many are loaded per second. It
 * returns undefined until it has measured for one second.
 */
function createRateMeter(now: () => number): (done: number) => number | undefined {
  const samples: { readonly at: number; readonly done: number }[] = [];
  return (done) => {
    const at = now();
    if (at - (samples.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= RATE_WINDOW_MS / 20) samples.push({ at, done });
    while (samples.length > 1 && at - (samples[1]?.at ?? at) >= RATE_WINDOW_MS) samples.shift();
    const from = samples[0] ?? { at, done };
    const seconds = (at - from.at) / 1000;
    return seconds < 1 ? undefined : (done - from.done) / seconds;
  };
}

/** Formats the remaining time of a load at the recent rate, for example as `1h 5m`, `2m 10s` or `40s`. */
function timeLeft(resources: number, perSecond: number | undefined): string {
  if (resources <= 0) return '0s';
  if (perSecond === undefined || perSecond === 0) return '–';
  const seconds = Math.ceil(resources / perSecond);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}
