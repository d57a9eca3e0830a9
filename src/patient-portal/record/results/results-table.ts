import { emptyHtml, type Html, html } from '../../../kernel/index.ts';
import type { PatientPortalContext } from '../../portal-context.ts';
import { formatNumber } from '../../values/decimal.ts';
import { joinUnit } from '../../values/quantity.ts';
import { renderExactValue } from '../exact-value.ts';
import type { AbnormalMark } from '../interpretation.ts';
import type { ObservedValue } from '../observation.ts';
import type { ObservationSeries } from '../series.ts';
import type { PanelNames } from './panels.ts';
import { renderSparkline } from './sparkline.ts';

type RecordMessages = PatientPortalContext['messages']['patientRecord'];

/** A test: its values, and the ids of its row in the table and of its history below the table. */
export interface ListedTest {
  readonly series: ObservationSeries;
  readonly latest: ObservedValue;
  readonly rowId: string;
  /** undefined if there is only one value, which the table shows. */
  readonly historyId: string | undefined;
}

export interface ListedPanel {
  /** undefined for tests without a panel. */
  readonly name: string | undefined;
  readonly tests: readonly ListedTest[];
}

/**
 * Groups tests by the panel of their latest value. Tests whose latest value is marked as abnormal come first in their
 * panel, and panels with such tests come first. Tests without a panel come last unless one of them is marked.
 */
export function groupByPanel(all: readonly ObservationSeries[], names: PanelNames): readonly ListedPanel[] {
  const tests = all.flatMap((series) => {
    const [latest] = series.all;
    return latest === undefined ? [] : [{ series, latest }];
  });
  const nameOf = ({ latest }: (typeof tests)[number]) => (latest.id === undefined ? undefined : names.get(latest.id));
  const sizes = Map.groupBy(tests, nameOf);
  // The name of a panel helps only if several tests are under it.
  const byPanel = Map.groupBy(tests, (test) => ((sizes.get(nameOf(test))?.length ?? 0) > 1 ? nameOf(test) : undefined));
  const panels = [...byPanel].toSorted(([one], [other]) => Number(one === undefined) - Number(other === undefined));
  let count = 0;
  const listed = panels.map(([name, own]) => ({ name, tests: markedFirst(own, isMarked) }));
  return markedFirst(listed, (panel) => panel.tests.some(isMarked)).map((panel) => ({
    name: panel.name,
    tests: panel.tests.map((test) => {
      count += 1;
      const historyId = test.series.all.length > 1 ? `series-${count}` : undefined;
      return { ...test, rowId: `result-${count}`, historyId };
    }),
  }));
}

const isMarked = ({ latest }: { readonly latest: ObservedValue }): boolean => latest.abnormal !== undefined;

const markedFirst = <Item>(items: readonly Item[], isFirst: (item: Item) => boolean): readonly Item[] =>
  items.toSorted((one, other) => Number(isFirst(other)) - Number(isFirst(one)));

/** Renders the latest result of each test, by panel. Before the table it lists the results that the source marked. */
export function renderResultsTable(context: PatientPortalContext, panels: readonly ListedPanel[]): Html {
  const { results: w, labels } = context.messages.patientRecord;
  const shown = shownColumns(panels);
  const columns = [
    w.test,
    w.latest,
    ...(shown.range ? [labels.range] : []),
    labels.date,
    ...(shown.trend ? [w.trend] : []),
  ];
  const hasPanels = panels.some(({ name }) => name !== undefined);
  const bodies = panels.map(({ name, tests }) => {
    const heading = hasPanels
      ? html`<tr class="panel" role="row"><th scope="rowgroup" role="rowheader" colspan="${columns.length}">${name ?? w.otherTests}</th></tr>`
      : '';
    return html`<tbody role="rowgroup">${heading}${tests.map((test) => renderRow(context, test, shown))}</tbody>`;
  });
  // Narrow windows lay the rows out as a list. The roles keep them a table for screen readers.
  return html`
${renderMarked(context, panels)}
<h2 id="latest-results">${w.latestOfEach}</h2>
<table class="stack results" role="table" aria-labelledby="latest-results"><thead role="rowgroup"><tr role="row">${columns.map((name) => html`<th scope="col" role="columnheader">${name}</th>`)}</tr></thead>${bodies}</table>
<p class="hint after-table">${w.markNote}</p>`;
}

interface ShownColumns {
  readonly range: boolean;
  readonly trend: boolean;
}

/** Returns which columns have content. A column that would be empty is left out. */
function shownColumns(panels: readonly ListedPanel[]): ShownColumns {
  const tests = panels.flatMap((panel) => panel.tests);
  return {
    range: tests.some(({ latest }) => latest.range !== undefined),
    trend: tests.some(({ historyId }) => historyId !== undefined),
  };
}

function renderMarked({ messages }: PatientPortalContext, panels: readonly ListedPanel[]): Html {
  const { results: w } = messages.patientRecord;
  const tests = panels.flatMap((panel) => panel.tests);
  const marked = tests.filter(isMarked);
  if (marked.length === 0) return emptyHtml;
  const items = marked.map(
    ({ series, latest, rowId }) =>
      html`<li><a href="#${rowId}">${series.name}</a>: ${latest.value} ${renderFlag(latest)}</li>`,
  );
  return html`<div class="note marked"><p>${w.marked(marked.length, tests.length)}</p><ul>${items}</ul></div>`;
}

function renderRow(
  context: PatientPortalContext,
  { series, latest, rowId, historyId }: ListedTest,
  shown: ShownColumns,
): Html {
  const { results: w, labels } = context.messages.patientRecord;
  const { name } = series;
  const cell = (label: string, content: Html | undefined): Html =>
    content === undefined ? html`<td role="cell"></td>` : html`<td role="cell" data-name="${label}">${content}</td>`;
  const trend = historyId === undefined ? undefined : renderTrend(context.messages.patientRecord, series);
  return html`
<tr id="${rowId}" role="row">
<th scope="row" role="rowheader">${historyId === undefined ? name : html`<a href="#${historyId}">${name}</a>`}</th>
${cell(w.latest, html`${latest.value} ${renderFlag(latest)}${historyId === undefined && renderExactValue(context, latest)}`)}
${shown.range && cell(labels.range, latest.range && html`${latest.range.text}`)}
${cell(labels.date, html`${latest.when}`)}
${shown.trend && cell(w.trend, trend)}
</tr>`;
}

/** Renders the course of a test's values, or their number if they can't be plotted. */
const renderTrend = (messages: RecordMessages, series: ObservationSeries): Html =>
  series.lines.length === 0
    ? html`${messages.chart.values(series.all.length)}`
    : renderSparkline(series.lines, trendText(messages, series));

const MARK_CLASSES: Readonly<Record<AbnormalMark, string>> = {
  high: 'flag high',
  low: 'flag low',
  abnormal: 'flag odd',
};

/**
 * Renders the flag of a value in words. The style sheet puts a symbol before a flag that the source marks as abnormal,
 * so that color is never the only cue.
 */
export const renderFlag = ({ flag, abnormal }: Pick<ObservedValue, 'flag' | 'abnormal'>): Html =>
  flag === undefined
    ? emptyHtml
    : html`<span class="${abnormal === undefined ? 'flag plain' : MARK_CLASSES[abnormal]}">${flag}</span>`;

/** Describes the course of the values in text, for readers who can't see the image. */
function trendText({ chart: w }: RecordMessages, { name, unit, lines }: ObservationSeries): string {
  const texts = lines.map(({ name: line, points }) => {
    const [first, last] = [points[0], points.at(-1)].map((point) =>
      point === undefined ? '' : `${joinUnit(formatNumber(point.value) ?? '', unit)} (${point.when})`,
    );
    return w.line(line === '' ? name : `${name}, ${line}`, points.length, first ?? '', last ?? '');
  });
  return texts.join(' ');
}
