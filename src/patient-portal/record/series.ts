import type { ObservedValue } from './observation.ts';
import type { DisplayedRange } from './ranges.ts';

export interface SeriesPoint {
  readonly at: number;
  readonly value: number;
  readonly when: string;
}

export interface SeriesLine {
  /** Name of the line, such as systolic. Empty if the series has only one line. */
  readonly name: string;
  /** Points of the line, oldest first. */
  readonly points: readonly SeriesPoint[];
}

/** A series of observed values with the same code, unit and subject. */
export interface ObservationSeries {
  readonly name: string;
  readonly unit: string;
  /** Lines of the chart. Empty if there is nothing to plot. */
  readonly lines: readonly SeriesLine[];
  /** Reference range of the latest value that has one. */
  readonly range: DisplayedRange | undefined;
  /** All values of the series, newest first. */
  readonly all: readonly ObservedValue[];
}

/**
 * Groups observed values into series. The series with the latest value comes first.
 * @param values observed values, newest first
 */
export function groupIntoSeries(values: readonly ObservedValue[]): readonly ObservationSeries[] {
  return [...Map.groupBy(values, ({ key }) => key).values()].flatMap((all) => {
    const [latest] = all;
    if (latest === undefined) return [];
    const { name, unit } = latest;
    return [{ name, unit, lines: toSeriesLines(all), range: all.find(({ range }) => range !== undefined)?.range, all }];
  });
}

/** Builds the lines of the chart. A line needs at least two points. */
function toSeriesLines(all: readonly ObservedValue[]): readonly SeriesLine[] {
  const points = all.flatMap(({ at, when, plottedValues }) =>
    at === undefined ? [] : plottedValues.map(({ line, value }) => ({ line, point: { at, value, when } })),
  );
  return [...Map.groupBy(points, ({ line }) => line)].flatMap(([name, own]) => {
    const sorted = own.map(({ point }) => point).sort((one, other) => one.at - other.at);
    return sorted.length < 2 ? [] : [{ name, points: sorted }];
  });
}
