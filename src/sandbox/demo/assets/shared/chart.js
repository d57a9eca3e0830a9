// Small SVG line charts. Colors and line widths are in the style sheet.
import { svg } from './dom.js';
import { month, valueText } from './format.js';

const BOX = { width: 360, height: 150, left: 40, right: 12, top: 10, bottom: 22 };

/**
 * @param lines [{ points: [{ time, value }] }], each oldest first
 * @param band the reference range; either end may be open
 */
export function chart({ lines, band = {}, label }) {
  const points = lines.flatMap((line) => line.points);
  const x = scale(extent(points.map(({ time }) => time)), BOX.left, BOX.width - BOX.right);
  const ticks = niceTicks(extent([...points.map(({ value }) => value), ...nearEnds(band, points)]));
  const y = scale([ticks[0], ticks.at(-1)], BOX.height - BOX.bottom, BOX.top);
  return svg(
    'svg',
    { viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: 'img', 'aria-label': label, class: 'chart' },
    bandRect(band, y),
    ticks.map((tick) => gridLine(tick, y)),
    timeMarks(points, x),
    lines.map((line, index) => drawLine(line.points, x, y, index)),
  );
}

/** The course of the values without axes. The text of its button describes it. */
export function sparkline(lines) {
  const points = lines.flatMap((line) => line.points);
  const x = scale(extent(points.map(({ time }) => time)), 4, 108);
  const y = scale(extent(points.map(({ value }) => value)), 28, 4);
  return svg(
    'svg',
    { viewBox: '0 0 112 32', class: 'spark', 'aria-hidden': 'true' },
    lines.map((line, index) => drawLine(line.points, x, y, index)),
  );
}

/** Ends of the reference range that are close to the values. A distant range would flatten the line. */
function nearEnds({ low, high }, points) {
  const [least, most] = extent(points.map(({ value }) => value));
  const reach = Math.max((most - least) * 1.5, most * 0.15);
  return [low, high].filter((end) => end !== undefined && end > least - reach && end < most + reach);
}

function bandRect({ low, high }, y) {
  if (low === undefined && high === undefined) return null;
  const inside = (value) => Math.min(BOX.height - BOX.bottom, Math.max(BOX.top, value));
  const top = high === undefined ? BOX.top : inside(y(high));
  const bottom = low === undefined ? BOX.height - BOX.bottom : inside(y(low));
  return svg('rect', {
    class: 'band',
    x: BOX.left,
    y: top,
    width: BOX.width - BOX.left - BOX.right,
    height: Math.max(0, bottom - top),
  });
}

const gridLine = (tick, y) => [
  svg('line', { class: 'grid', x1: BOX.left, x2: BOX.width - BOX.right, y1: y(tick), y2: y(tick) }),
  svg('text', { class: 'tick', x: BOX.left - 5, y: y(tick) + 4, 'text-anchor': 'end' }, valueText(tick)),
];

/** Marks the first and last month. */
function timeMarks(points, x) {
  const [first, last] = extent(points.map(({ time }) => time));
  return month(first) === month(last)
    ? timeMark(first, (BOX.left + BOX.width) / 2, 'middle')
    : [timeMark(first, x(first), 'start'), timeMark(last, x(last), 'end')];
}

const timeMark = (time, at, anchor) =>
  svg('text', { class: 'tick', x: at, y: BOX.height - 5, 'text-anchor': anchor }, month(time));

/** All values are on the line. Dots mark them while they are few, and always the latest. */
function drawLine(points, x, y, index) {
  const places = points.map(({ time, value }) => [x(time).toFixed(1), y(value).toFixed(1)]);
  const dots = places.length > 40 ? places.slice(-1) : places;
  return svg(
    'g',
    { class: `line line-${index}` },
    svg('path', { d: `M${places.map((place) => place.join(' ')).join('L')}` }),
    dots.map(([cx, cy], at) => svg('circle', { cx, cy, r: at === dots.length - 1 ? 3.4 : 1.8 })),
  );
}

const extent = (values) => [Math.min(...values), Math.max(...values)];

/** Returns a linear scale. A single value is placed in the middle. */
export const scale =
  ([from, to], start, end) =>
  (value) =>
    from === to ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start);

/** Three to five round numbers that include both ends. */
export function niceTicks([low, high]) {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const ticks = [];
  for (let tick = Math.floor(low / step) * step; ticks.length === 0 || ticks.at(-1) < high; tick += step) {
    ticks.push(Number(tick.toPrecision(10)));
  }
  return ticks.length > 1 ? ticks : [ticks[0], ticks[0] + step];
}
