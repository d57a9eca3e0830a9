import { emptyHtml, type Html, html, joinHtml } from '../../kernel/index.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { formatNumber } from '../values/decimal.ts';
import { joinUnit } from '../values/quantity.ts';
import { renderExactValue } from './exact-value.ts';
import { renderLineChart } from './line-chart.ts';
import type { ObservedValue } from './observation.ts';
import type { PanelNames } from './results/panels.ts';
import { groupByPanel, renderFlag, renderResultsTable } from './results/results-table.ts';
import { emptySectionText, renderSection } from './section-page.ts';
import type { RecordSectionName } from './sections.ts';
import type { ObservationSeries, SeriesLine } from './series.ts';

export interface ObservationSectionContent {
  readonly name: RecordSectionName;
  readonly series: readonly ObservationSeries[];
  /** Number of observations that were read, if the record has more. undefined if all are shown. */
  readonly truncatedAt: number | undefined;
}

/**
 * Renders the observations. Each series is shown as a chart if it has several numeric values, and always as a table.
 */
export function renderObservationPage(
  context: PatientPortalContext,
  { name, series, truncatedAt }: ObservationSectionContent,
): Html {
  const content = html`
${truncatedNote(context, truncatedAt)}
${seriesIndex(context, series)}
${series.length === 0 ? emptySectionText(context, name) : html`<div class="series">${series.map((one, index) => renderSeries(context, one, seriesId(index), 'h2'))}</div>`}`;
  return renderSection(context, { name, content });
}

/**
 * Renders laboratory results: a table with the latest result of each test, then the chart and all values of each test
 * that has several.
 */
export function renderResultsPage(
  context: PatientPortalContext,
  { name, series, truncatedAt }: ObservationSectionContent,
  panelNames: PanelNames,
): Html {
  const panels = groupByPanel(series, panelNames);
  const histories = panels
    .flatMap(({ tests }) => tests)
    .flatMap(({ series: one, historyId }) =>
      historyId === undefined ? [] : [renderSeries(context, one, historyId, 'h3')],
    );
  const history =
    histories.length === 0
      ? ''
      : html`<h2 class="group">${context.messages.patientRecord.results.history}</h2><div class="series">${histories}</div>`;
  const content = html`
${truncatedNote(context, truncatedAt)}
${series.length === 0 ? emptySectionText(context, name) : html`${renderResultsTable(context, panels)}${history}`}`;
  return renderSection(context, { name, content });
}

const truncatedNote = ({ messages }: PatientPortalContext, truncatedAt: number | undefined): Html =>
  truncatedAt === undefined
    ? emptyHtml
    : html`<div class="note"><p>${messages.patientRecord.truncated(truncatedAt)}</p></div>`;

/** Number of series from which a page starts with a list of their names. */
const MIN_INDEXED = 8;

const seriesId = (index: number): string => `series-${index}`;

/** Renders links to the series of the page. Empty if there are only a few. */
function seriesIndex({ messages }: PatientPortalContext, series: readonly ObservationSeries[]): Html {
  if (series.length < MIN_INDEXED) return emptyHtml;
  const links = series.map(({ name }, index) => html`<li><a href="#${seriesId(index)}">${name}</a></li>`);
  return html`
<details class="index screen"><summary>${messages.patientRecord.chart.index(series.length)}</summary><ul class="actions">${links}</ul></details>`;
}

function renderSeries(
  context: PatientPortalContext,
  series: ObservationSeries,
  id: string,
  heading: 'h2' | 'h3',
): Html {
  const { chart: w } = context.messages.patientRecord;
  const { name, lines, all, range } = series;
  const [latest] = all;
  const figure =
    lines.length === 0
      ? ''
      : html`<figure>${renderLineChart(series, chartAltText(context, series))}${renderLegend(lines, range?.low ?? range?.high, w.rangeBand)}</figure>`;
  return html`
<section class="entry" id="${id}">
<${heading}>${name}</${heading}>
${latest === undefined ? '' : html`<p class="latest"><b>${latest.value}</b> ${renderFlag(latest)}<br><span class="hint">${w.latest}: ${latest.when}</span></p>${all.length === 1 && renderExactValue(context, latest)}`}
${range === undefined ? '' : html`<p class="hint">${w.range(range.text)}</p>`}
${figure}
${all.length < 2 ? '' : html`<details><summary>${w.table(name, all.length)}</summary>${renderValuesTable(context, all)}</details>`}
</section>`;
}

/** Renders a legend that names each line and the shaded range in text, so that color is never the only cue. */
function renderLegend(lines: readonly SeriesLine[], band: number | undefined, bandText: string): Html {
  const named = lines.filter(({ name }) => name !== '');
  const items = named.map(({ name }, index) => html`<span class="key key-${index}">${name}</span>`);
  const text = band === undefined ? '' : html`<span>${bandText}</span>`;
  return items.length === 0 && text === ''
    ? emptyHtml
    : html`<figcaption class="hint">${joinHtml(items, ' ')} ${text}</figcaption>`;
}

/** Describes the chart in text for readers who can't see it. */
function chartAltText({ messages }: PatientPortalContext, { name, unit, lines, range }: ObservationSeries): string {
  const { chart: w } = messages.patientRecord;
  const lineTexts = lines.map(({ name: line, points }) => {
    const values = points.map(({ value }) => value);
    const first = points[0];
    const last = points.at(-1);
    const formatValue = (value: number) => joinUnit(formatNumber(value) ?? '', unit);
    const low = values.reduce((one, other) => Math.min(one, other));
    const high = values.reduce((one, other) => Math.max(one, other));
    const title = line === '' ? name : `${name}, ${line}`;
    const when = (point: typeof first) => (point === undefined ? '' : `${formatValue(point.value)} (${point.when})`);
    return `${w.line(title, points.length, when(first), when(last))} ${w.ends(formatValue(low), formatValue(high))}`;
  });
  return [...lineTexts, ...(range === undefined ? [] : [w.range(range.text)])].join(' ');
}

function renderValuesTable({ messages }: PatientPortalContext, all: readonly ObservedValue[]): Html {
  const { labels, values } = messages.patientRecord;
  const rounded = all.some(({ exactValue }) => exactValue !== undefined);
  const ranged = all.some(({ range }) => range !== undefined);
  const flagged = all.some(({ flag }) => flag !== undefined);
  const columns = [
    labels.date,
    labels.value,
    ...(ranged ? [labels.range] : []),
    ...(flagged ? [labels.flag] : []),
    ...(rounded ? [values.exactValue] : []),
  ];
  const rows = all.map((one) => {
    const { when, value, range, exactValue } = one;
    const cells = [
      when,
      value,
      ...(ranged ? [range?.text ?? ''] : []),
      ...(flagged ? [renderFlag(one)] : []),
      ...(rounded ? [exactValue ?? value] : []),
    ];
    return html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  });
  const head = columns.map((name) => html`<th scope="col">${name}</th>`);
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${labels.value}"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
