// Small SVG line charts. Colors and line widths are in the style sheet.
import { svg } from './dom.js';
import { dateOf, month, valueText } from './format.js';

const BOX = { width: 280, height: 128, left: 38, right: 12, top: 10, bottom: 22 };

/**
 * @param lines [{ name, points: [{ at, value }] }], each oldest first; every `at` must be a parsable date.
 * @param band the reference range; either end may be open
 */
export function chart({ lines, band, label }) {
  const points = lines.flatMap((line) => line.points);
  const x = scale(extent(points.map(({ at }) => dateOf(at).getTime())), BOX.left, BOX.width - BOX.right);
  const ticks = niceTicks(extent([...points.map(({ value }) => value), ...nearEnds(band, points)]));
  const y = scale([ticks[0], ticks.at(-1)], BOX.height - BOX.bottom, BOX.top);
  const place = ({ at, value }) => [x(dateOf(at).getTime()), y(value)];
  return svg(
    'svg',
    { viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: 'img', 'aria-label': label, class: 'chart' },
    bandRect(band, y),
    ticks.map((tick) => gridLine(tick, y)),
    yearMarks(points, x),
    lines.map((line, index) => drawLine(line.points.map(place), index)),
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

/** Marks the first and last year and at most three years between. */
function yearMarks(points, x) {
  const [first, last] = extent(points.map(({ at }) => dateOf(at).getTime()));
  const years = [];
  for (let year = new Date(first).getFullYear() + 1; year <= new Date(last).getFullYear(); year++) years.push(year);
  const step = Math.max(1, Math.ceil(years.length / 5));
  const labeled = years.filter((_, index) => index % step === 0);
  if (labeled.length === 0 && month(first) === month(last))
    return mark(month(first), (BOX.left + BOX.width) / 2, 'middle');
  if (labeled.length === 0) return [mark(month(first), x(first), 'start'), mark(month(last), x(last), 'end')];
  return labeled.map((year) => mark(String(year), x(new Date(year, 0, 1).getTime()), 'middle'));
}

const mark = (text, at, anchor) =>
  svg(
    'text',
    {
      class: 'tick',
      x: Math.min(at, BOX.width - BOX.right - (anchor === 'middle' ? 12 : 0)),
      y: BOX.height - 5,
      'text-anchor': anchor,
    },
    text,
  );

function drawLine(positions, index) {
  const path = positions.map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${px.toFixed(1)} ${py.toFixed(1)}`).join('');
  const dots = positions.length > 40 ? [positions.at(-1)] : positions;
  return svg(
    'g',
    { class: `line line-${index}` },
    svg('path', { d: path }),
    dots.map(([px, py]) =>
      svg('circle', { cx: px.toFixed(1), cy: py.toFixed(1), r: px === positions.at(-1)[0] ? 3.4 : 1.8 }),
    ),
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
