import type { DisplayedRange, ObservedValue } from './observation.ts';

export interface SeriesPoint {
  readonly at: number;
  readonly value: number;
  readonly when: string;
}

export interface SeriesLine {
  /** Empty when the series has only one line. */
  readonly name: string;
  /** Oldest first. */
  readonly points: readonly SeriesPoint[];
}

/** All values with the same key. */
export interface ObservationSeries {
  readonly name: string;
  readonly unit: string;
  /** Empty when there is nothing to plot. */
  readonly lines: readonly SeriesLine[];
  /** Range of the latest value that has one. */
  readonly range: DisplayedRange | undefined;
  /** Newest first. */
  readonly all: readonly ObservedValue[];
}

/** Groups values by key, the series with the latest value first. @param values newest first */
export function groupIntoSeries(values: readonly ObservedValue[]): readonly ObservationSeries[] {
  return [...Map.groupBy(values, ({ key }) => key).values()].flatMap((all) => {
    const [latest] = all;
    if (latest === undefined) return [];
    const { name, unit } = latest;
    return [{ name, unit, lines: toSeriesLines(all), range: all.find(({ range }) => range !== undefined)?.range, all }];
  });
}

/** A line needs at least two points. */
function toSeriesLines(all: readonly ObservedValue[]): readonly SeriesLine[] {
  const points = all.flatMap(({ at, when, plottedValues }) =>
    at === undefined ? [] : plottedValues.map(({ line, value }) => ({ line, point: { at, value, when } })),
  );
  return [...Map.groupBy(points, ({ line }) => line)].flatMap(([name, own]) => {
    const sorted = own.map(({ point }) => point).sort((one, other) => one.at - other.at);
    return sorted.length < 2 ? [] : [{ name, points: sorted }];
  });
}
