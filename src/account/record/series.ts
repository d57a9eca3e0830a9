import type { Observed, Range } from './observation.ts';

export interface Point {
  readonly at: number;
  readonly value: number;
  readonly when: string;
}

export interface Line {
  /** Empty: the only one. */
  readonly name: string;
  /** The oldest first. */
  readonly points: readonly Point[];
}

/** All values of one thing. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  /** Empty: there is nothing to draw. */
  readonly lines: readonly Line[];
  /** Of the latest value that has one. */
  readonly range: Range | undefined;
  /** The newest first. */
  readonly all: readonly Observed[];
}

/** What was observed again and again belongs together; the latest first. @param values the newest first */
export function seriesOf(values: readonly Observed[]): readonly Series[] {
  return [...Map.groupBy(values, ({ key }) => key).values()].flatMap((all) => {
    const [latest] = all;
    if (latest === undefined) return [];
    const { name, unit } = latest;
    return [{ name, unit, lines: linesOf(all), range: all.find(({ range }) => range !== undefined)?.range, all }];
  });
}

/** At least two points make a line. */
function linesOf(all: readonly Observed[]): readonly Line[] {
  const points = all.flatMap(({ at, when, numbers }) =>
    at === undefined ? [] : numbers.map(({ line, value }) => ({ line, point: { at, value, when } })),
  );
  return [...Map.groupBy(points, ({ line }) => line)].flatMap(([name, own]) => {
    const sorted = own.map(({ point }) => point).sort((one, other) => one.at - other.at);
    return sorted.length < 2 ? [] : [{ name, points: sorted }];
  });
}
