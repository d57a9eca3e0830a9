import { Presets, SingleBar } from 'cli-progress';

export interface LoadProgress {
  /** @param there how many of those that are done were there already */
  show(done: number, all: number, there: number): void;
  stop(): void;
}

/** Milliseconds between two lines where nobody looks on: a file, the journal of the system. */
const EACH = 5000;

const FACTS = '{value} of {total} resources | {rate}/s | {eta_formatted} left | {there} were there already';

/** On standard error: a bar on a terminal, else a line every few seconds. */
export function loadProgress(stream: NodeJS.WriteStream, now: () => number = () => performance.now()): LoadProgress {
  const format = stream.isTTY ? `{bar} {percentage}% | ${FACTS}` : `{percentage}% | ${FACTS}`;
  const bar = new SingleBar(
    { format, stream, noTTYOutput: true, notTTYSchedule: EACH, hideCursor: true, etaBuffer: 100 },
    Presets.shades_classic,
  );
  const rateOf = recentRate(now);
  let begun = false;
  return {
    show(done, all, there) {
      const rate = rateOf(done);
      if (!begun) bar.start(all, 0, { rate, there });
      begun = true;
      bar.setTotal(all);
      bar.update(done, { rate, there });
    },
    stop: () => bar.stop(),
  };
}

/** Of the last so many milliseconds: what was there already is skipped far faster than the rest is loaded. */
const RECENT = 10_000;

function recentRate(now: () => number): (done: number) => string {
  const marks: { readonly at: number; readonly done: number }[] = [];
  return (done) => {
    const at = now();
    if (at - (marks.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= RECENT / 20) marks.push({ at, done });
    while (marks.length > 1 && at - (marks[1]?.at ?? at) >= RECENT) marks.shift();
    const from = marks[0] ?? { at, done };
    const seconds = (at - from.at) / 1000;
    return seconds < 1 ? '–' : Math.round((done - from.done) / seconds).toLocaleString('en');
  };
}
