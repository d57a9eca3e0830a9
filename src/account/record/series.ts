import type { Observed, Range } from './observation.ts';

export interface Point {
  readonly at: number;
  readonly value: number;
  readonly when: string;
}

export interface Line {
  /** Empty when the series has only one line. */
  readonly name: string;
  /** Oldest first. */
  readonly points: readonly Point[];
}

/** All values with the same key. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  /** Empty when there is nothing to plot. */
  readonly lines: readonly Line[];
  /** Range of the latest value that has one. */
  readonly range: Range | undefined;
  /** Newest first. */
  readonly all: readonly Observed[];
}

/** Groups values by key, the series with the latest value first. @param values newest first */
export function seriesOf(values: readonly Observed[]): readonly Series[] {
  return [...Map.groupBy(values, ({ key }) => key).values()].flatMap((all) => {
    const [latest] = all;
    if (latest === undefined) return [];
    const { name, unit } = latest;
    return [{ name, unit, lines: linesOf(all), range: all.find(({ range }) => range !== undefined)?.range, all }];
  });
}

/** A line needs at least two points. */
function linesOf(all: readonly Observed[]): readonly Line[] {
  const points = all.flatMap(({ at, when, numbers }) =>
    at === undefined ? [] : numbers.map(({ line, value }) => ({ line, point: { at, value, when } })),
  );
  return [...Map.groupBy(points, ({ line }) => line)].flatMap(([name, own]) => {
    const sorted = own.map(({ point }) => point).sort((one, other) => one.at - other.at);
    return sorted.length < 2 ? [] : [{ name, points: sorted }];
  });
}
