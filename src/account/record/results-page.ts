import { html } from 'ghtml';
import type { Place } from '../place.ts';
import { chart } from './chart.ts';
import type { Observed } from './observation.ts';
import { nothingIn, sectionPage } from './page.ts';
import type { SectionName } from './sections.ts';
import type { Line, Series } from './series.ts';

export interface Results {
  readonly name: SectionName;
  readonly series: readonly Series[];
  /** As many as were looked at, where there are more; undefined: these are all. */
  readonly cut: number | undefined;
}

/** What was measured again and again as a line, the rest as tables. */
export function resultsPage(place: Place, { name, series, cut }: Results): string {
  const content = html`
!${cut === undefined ? '' : html`<div class="note"><p>${place.words.own.cut(cut)}</p></div>`}
!${series.length === 0 ? nothingIn(place, name) : html`<div class="series">!${series.map((one) => seriesSection(place, one)).join('')}</div>`}`;
  return sectionPage(place, { name, content, wide: true });
}

function seriesSection(place: Place, series: Series): string {
  const { chart: w } = place.words.own;
  const { name, lines, all, range } = series;
  const [latest] = all;
  const drawn =
    lines.length === 0
      ? ''
      : html`<figure>!${chart(series, altOf(place, series))}!${legend(lines, range?.low ?? range?.high, w.band)}</figure>`;
  return html`
<section class="entry">
<h2>${name}</h2>
!${latest === undefined ? '' : html`<p><b>${latest.value}</b>!${latest.flag === undefined ? '' : html` <span class="flag">${latest.flag}</span>`}<br><span class="hint">${w.latest}: ${latest.when}</span></p>`}
!${range === undefined ? '' : html`<p class="hint">${w.range(range.text)}</p>`}
!${drawn}
!${all.length < 2 ? '' : html`<details><summary>${w.table(name, all.length)}</summary>!${valuesTable(place, all)}</details>`}
</section>`;
}

/** Which line is which, and what the shaded part is: never by color alone. */
function legend(lines: readonly Line[], band: number | undefined, bandText: string): string {
  const named = lines.filter(({ name }) => name !== '');
  const items = named.map(({ name }, index) => html`<span class="key key-${index}">${name}</span>`);
  const text = band === undefined ? '' : html`<span>${bandText}</span>`;
  return items.length === 0 && text === ''
    ? ''
    : html`<figcaption class="hint">!${items.join(' ')} !${text}</figcaption>`;
}

/** What the chart shows, to whoever can't see it. */
function altOf({ words }: Place, { name, unit, lines, range }: Series): string {
  const { chart: w } = words.own;
  const said = lines.map(({ name: line, points }) => {
    const values = points.map(({ value }) => value);
    const first = points[0];
    const last = points.at(-1);
    const told = (value: number) => `${value} ${unit}`.trim();
    const low = values.reduce((one, other) => Math.min(one, other));
    const high = values.reduce((one, other) => Math.max(one, other));
    const title = line === '' ? name : `${name}, ${line}`;
    const when = (point: typeof first) => (point === undefined ? '' : `${told(point.value)} (${point.when})`);
    return `${w.line(title, points.length, when(first), when(last))} ${w.ends(told(low), told(high))}`;
  });
  return [...said, ...(range === undefined ? [] : [w.range(range.text)])].join(' ');
}

function valuesTable({ words }: Place, all: readonly Observed[]): string {
  const { labels } = words.own;
  const ranged = all.some(({ range }) => range !== undefined);
  const flagged = all.some(({ flag }) => flag !== undefined);
  const columns = [labels.date, labels.value, ...(ranged ? [labels.range] : []), ...(flagged ? [labels.flag] : [])];
  const rows = all.map(({ when, value, range, flag }) => {
    const cells = [when, value, ...(ranged ? [range?.text ?? ''] : []), ...(flagged ? [flag ?? ''] : [])];
    return html`<tr>!${cells.map((cell) => html`<td>${cell}</td>`).join('')}</tr>`;
  });
  const head = columns.map((name) => html`<th scope="col">${name}</th>`);
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${labels.value}"><table><thead><tr>!${head.join('')}</tr></thead><tbody>!${rows.join('')}</tbody></table></div>`;
}
