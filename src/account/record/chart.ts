import { html } from 'ghtml';
import type { Range } from './observation.ts';
import type { Line, Point, Series } from './series.ts';

const BOX = { width: 360, height: 180, left: 44, right: 14, top: 24, bottom: 28 };
const INNER = { right: BOX.width - BOX.right, bottom: BOX.height - BOX.bottom };

interface Extent {
  readonly low: number;
  readonly high: number;
}

/**
 * Renders a line chart as an SVG image with a text alternative. Colors come from the style sheet.
 * @param label text alternative: what the chart shows
 */
export function chart({ lines, range, unit }: Series, label: string): string {
  const points = lines.flatMap((line) => line.points);
  const x = scale(extent(points.map(({ at }) => at)), BOX.left, INNER.right);
  const ticks = niceTicks(extent([...points.map(({ value }) => value), ...nearEnds(range, points)]));
  const y = scale({ low: ticks[0] ?? 0, high: ticks.at(-1) ?? 1 }, INNER.bottom, BOX.top);
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  return html`
<svg class="chart" viewBox="0 0 ${BOX.width} ${BOX.height}" role="img" aria-label="${label}">
<text class="tick" x="2" y="12">${unit}</text>
!${band(range, y)}!${ticks.map((tick) => gridLine(tick, step, y)).join('')}!${timeMarks(points, x)}!${lines.map((line, index) => drawn(line, index, x, y)).join('')}
</svg>`;
}

type Scale = (value: number) => number;

/** Maps values to coordinates. If all values are equal, they map to the middle. */
const scale =
  ({ low, high }: Extent, start: number, end: number): Scale =>
  (value) =>
    high === low ? (start + end) / 2 : start + ((value - low) / (high - low)) * (end - start);

function extent(values: readonly number[]): Extent {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** Ends of the reference range that are close to the values. A distant end would flatten the line, so it is ignored. */
function nearEnds(range: Range | undefined, points: readonly Point[]): readonly number[] {
  const { low, high } = extent(points.map(({ value }) => value));
  const tolerance = Math.max((high - low) * 1.5, Math.abs(high) * 0.15);
  const ends = [range?.low, range?.high].filter((end) => end !== undefined);
  return ends.filter((end) => end > low - tolerance && end < high + tolerance);
}

/** Returns at least two round numbers that enclose both ends. */
export function niceTicks({ low, high }: Extent): readonly number[] {
  const size = Math.max(Math.abs(low), Math.abs(high));
  // Values that differ by almost nothing count as equal.
  const span = high - low > Math.max(size * 1e-6, 1e-9) ? high - low : Math.max(size * 0.1, 1e-6);
  const power = 10 ** Math.floor(Math.log10(span / 3));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= span / 3) ?? power * 10;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

function band(range: Range | undefined, y: Scale): string {
  if (range === undefined || (range.low === undefined && range.high === undefined)) return '';
  const clamp = (value: number) => Math.min(INNER.bottom, Math.max(BOX.top, value));
  const top = range.high === undefined ? BOX.top : clamp(y(range.high));
  const bottom = range.low === undefined ? INNER.bottom : clamp(y(range.low));
  if (bottom <= top) return '';
  return html`<rect class="band" x="${BOX.left}" y="${fixed(top)}" width="${INNER.right - BOX.left}" height="${fixed(bottom - top)}"/>`;
}

function gridLine(tick: number, step: number, y: Scale): string {
  const at = fixed(y(tick));
  return html`<line class="grid" x1="${BOX.left}" x2="${INNER.right}" y1="${at}" y2="${at}"/><text class="tick" x="${BOX.left - 5}" y="${fixed(y(tick) + 4)}" text-anchor="end">${tickText(tick, step)}</text>`;
}

/** Formats a tick label. Numbers from one million on are abbreviated (2.5M) because the axis has no room for them. */
function tickText(tick: number, step: number): string {
  if (Math.abs(tick) >= 1e6) return SHORT.format(tick);
  return tick.toFixed(Math.min(6, Math.max(0, -Math.floor(Math.log10(step)))));
}

const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** Labels the first and the last date, formatted as in the table; one label if both are the same instant. */
function timeMarks(points: readonly Point[], x: Scale): string {
  const sorted = points.toSorted((one, other) => one.at - other.at);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return '';
  const mark = ({ at, when }: Point, anchor: string) =>
    html`<text class="tick" x="${fixed(x(at))}" y="${BOX.height - 8}" text-anchor="${anchor}">${when}</text>`;
  return first.at === last.at ? mark(first, 'middle') : `${mark(first, 'start')}${mark(last, 'end')}`;
}

/** Above this number of points, only the line and its last dot are drawn. */
const MOST_DOTS = 60;

function drawn({ points }: Line, index: number, x: Scale, y: Scale): string {
  const coordinates = points.map(({ at, value }) => [fixed(x(at)), fixed(y(value))] as const);
  const path = coordinates.map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${px} ${py}`).join('');
  const dots = coordinates.length > MOST_DOTS ? coordinates.slice(-1) : coordinates;
  const circles = dots.map(([px, py]) => html`<circle cx="${px}" cy="${py}" r="3"/>`);
  return html`<g class="line line-${index}"><path d="${path}"/>!${circles.join('')}</g>`;
}

const fixed = (value: number): string => value.toFixed(1);
