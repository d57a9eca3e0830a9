import { type Html, html } from '../../../kernel/index.ts';
import { extent, scale, toCoordinate } from '../line-chart.ts';
import type { SeriesLine } from '../series.ts';

const WIDTH = 112;
const HEIGHT = 32;
const MARGIN = 4;

/**
 * Renders the course of values as a small SVG image for a table, without axes. The last value is a dot.
 * @param label text alternative: what the image shows
 */
export function renderSparkline(lines: readonly SeriesLine[], label: string): Html {
  const points = lines.flatMap((line) => line.points);
  const x = scale(extent(points.map(({ at }) => at)), MARGIN, WIDTH - MARGIN);
  const y = scale(extent(points.map(({ value }) => value)), HEIGHT - MARGIN, MARGIN);
  const paths = lines.map(({ points: own }) => {
    const coordinates = own.map(({ at, value }) => `${toCoordinate(x(at))} ${toCoordinate(y(value))}`);
    return html`<path d="M${coordinates.join('L')}"/><path class="end" d="M${coordinates.at(-1) ?? '0 0'}h0"/>`;
  });
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${paths}</svg>`;
}
