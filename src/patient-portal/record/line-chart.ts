import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { DisplayedRange } from './ranges.ts';
import type { ObservationSeries, SeriesLine, SeriesPoint } from './series.ts';

const CHART_BOX = { width: 360, height: 180, left: 44, right: 14, top: 24, bottom: 28 };
const PLOT_AREA = { right: CHART_BOX.width - CHART_BOX.right, bottom: CHART_BOX.height - CHART_BOX.bottom };

interface ValueExtent {
  readonly low: number;
  readonly high: number;
}

/**
 * Renders a line chart as an SVG image with a text alternative. Colors come from the style sheet.
 * @param label text alternative: what the chart shows
 */
export function renderLineChart({ lines, range, unit }: ObservationSeries, label: string): Html {
  const points = lines.flatMap((line) => line.points);
  const x = scale(extent(points.map(({ at }) => at)), CHART_BOX.left, PLOT_AREA.right);
  const ticks = niceTicks(extent([...points.map(({ value }) => value), ...nearbyRangeEnds(range, points)]));
  const y = scale({ low: ticks[0] ?? 0, high: ticks.at(-1) ?? 1 }, PLOT_AREA.bottom, CHART_BOX.top);
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  return html`
<svg class="chart" viewBox="0 0 ${CHART_BOX.width} ${CHART_BOX.height}" role="img" aria-label="${label}">
<text class="tick" x="2" y="12">${unit}</text>
${rangeBand(range, y)}${ticks.map((tick) => gridLine(tick, step, y))}${dateLabels(points, x)}${lines.map((line, index) => renderLine(line, index, x, y))}
</svg>`;
}

export type ChartScale = (value: number) => number;

/** Creates the function that maps values to coordinates. If all values are equal, they map to the middle. */
export const scale =
  ({ low, high }: ValueExtent, start: number, end: number): ChartScale =>
  (value) =>
    high === low ? (start + end) / 2 : start + ((value - low) / (high - low)) * (end - start);

/** Returns the lowest and the highest value. */
export function extent(values: readonly number[]): ValueExtent {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/**
 * Returns the ends of the reference range that are close to the values. A distant end would flatten the line of the
 * chart, so it is ignored.
 */
function nearbyRangeEnds(range: DisplayedRange | undefined, points: readonly SeriesPoint[]): readonly number[] {
  const { low, high } = extent(points.map(({ value }) => value));
  const tolerance = Math.max((high - low) * 1.5, Math.abs(high) * 0.15);
  const ends = [range?.low, range?.high].filter((end) => end !== undefined);
  return ends.filter((end) => end > low - tolerance && end < high + tolerance);
}

/** Returns at least two round numbers for an axis, which enclose the lowest and highest value. */
export function niceTicks({ low, high }: ValueExtent): readonly number[] {
  const size = Math.max(Math.abs(low), Math.abs(high));
  // Values that differ by less than a millionth count as equal. The axis then spans a tenth of the value.
  const span = high - low > Math.max(size * 1e-6, 1e-9) ? high - low : Math.max(size * 0.1, 1e-6);
  const power = 10 ** Math.floor(Math.log10(span / 3));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= span / 3) ?? power * 10;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

function rangeBand(range: DisplayedRange | undefined, y: ChartScale): Html {
  if (range === undefined || (range.low === undefined && range.high === undefined)) return emptyHtml;
  const clamp = (value: number) => Math.min(PLOT_AREA.bottom, Math.max(CHART_BOX.top, value));
  const top = range.high === undefined ? CHART_BOX.top : clamp(y(range.high));
  const bottom = range.low === undefined ? PLOT_AREA.bottom : clamp(y(range.low));
  if (bottom <= top) return emptyHtml;
  return html`<rect class="band" x="${CHART_BOX.left}" y="${toCoordinate(top)}" width="${PLOT_AREA.right - CHART_BOX.left}" height="${toCoordinate(bottom - top)}"/>`;
}

function gridLine(tick: number, step: number, y: ChartScale): Html {
  const at = toCoordinate(y(tick));
  return html`<line class="grid" x1="${CHART_BOX.left}" x2="${PLOT_AREA.right}" y1="${at}" y2="${at}"/><text class="tick" x="${CHART_BOX.left - 5}" y="${toCoordinate(y(tick) + 4)}" text-anchor="end">${formatTick(tick, step)}</text>`;
}

/**
 * Formats a label of the value axis. Numbers from one million on are abbreviated (2.5M) because the axis has no room
 * for them.
 */
function formatTick(tick: number, step: number): string {
  if (Math.abs(tick) >= 1e6) return COMPACT_NUMBER.format(tick);
  return tick.toFixed(Math.min(6, Math.max(0, -Math.floor(Math.log10(step)))));
}

const COMPACT_NUMBER = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/**
 * Labels the first and the last date on the axis, formatted as in the table. There is one label if both are the same
 * instant.
 */
function dateLabels(points: readonly SeriesPoint[], x: ChartScale): Html {
  const sorted = points.toSorted((one, other) => one.at - other.at);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return emptyHtml;
  const mark = ({ at, when }: SeriesPoint, anchor: string) =>
    html`<text class="tick" x="${toCoordinate(x(at))}" y="${CHART_BOX.height - 8}" text-anchor="${anchor}">${when}</text>`;
  return first.at === last.at ? mark(first, 'middle') : html`${mark(first, 'start')}${mark(last, 'end')}`;
}

/** Maximum number of points that are drawn as dots. With more points, only the line and its last dot are drawn. */
const MAX_DOTS = 60;

function renderLine({ points }: SeriesLine, index: number, x: ChartScale, y: ChartScale): Html {
  const coordinates = points.map(({ at, value }) => [toCoordinate(x(at)), toCoordinate(y(value))] as const);
  const path = coordinates.map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${px} ${py}`).join('');
  const dots = coordinates.length > MAX_DOTS ? coordinates.slice(-1) : coordinates;
  const circles = dots.map(([px, py]) => html`<circle cx="${px}" cy="${py}" r="3"/>`);
  return html`<g class="line line-${index}"><path d="${path}"/>${circles}</g>`;
}

/** Formats a coordinate with one decimal. */
export const toCoordinate = (value: number): string => value.toFixed(1);
