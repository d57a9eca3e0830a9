import { chart, sparkline } from './chart.js';
import { button, el, showDialog } from './dom.js';
import { day } from './format.js';
import { messages } from './messages.js';

/** Panels and tests with a mark come first. Tests without a panel, or alone in theirs, come under one name. */
export function panelsView(tests) {
  const sizes = Map.groupBy(tests, ({ panel }) => panel);
  const byPanel = Map.groupBy(tests, ({ panel }) => (sizes.get(panel).length > 1 ? panel : undefined));
  const rank = (panel, own) => (own.some(({ mark }) => mark) ? 0 : panel === undefined ? 2 : 1);
  return [...byPanel]
    .toSorted((one, other) => rank(...one) - rank(...other))
    .map(([panel, own]) => [byPanel.size > 1 && el('h4', {}, panel ?? messages.results.otherTests), testsView(own)]);
}

/** A list that opens on request. */
export const foldedTests = (title, tests) =>
  el('details', {}, el('summary', {}, `${title} (${tests.length})`), testsView(tests));

/**
 * Tests with their latest values, and a button for the earlier ones. Those with a mark come first.
 * @param when formats the date of a value
 */
export const testsView = (tests, when = day) =>
  el(
    'ul',
    { class: 'rows tests' },
    tests.toSorted((one, other) => Number(!one.mark) - Number(!other.mark)).map((test) => row(test, when)),
  );

const row = (test, when) =>
  el(
    'li',
    {},
    el('p', { class: 'title' }, test.name),
    el('p', { class: 'latest' }, el('strong', {}, test.text), ' ', flagView(test)),
    el(
      'p',
      { class: 'quiet' },
      [when(test.at) || messages.dateless, test.range && `${messages.results.range}: ${test.range.text}`]
        .filter(Boolean)
        .join(' · '),
    ),
    test.all.length > 1 && historyButton(test),
  );

/** The source's flag in words. The style sheet puts a symbol before one that marks the value as abnormal. */
const flagView = ({ flag, mark }) => flag && el('span', { class: `flag ${mark ?? ''}` }, flag);

/** Shows the trend, and opens all values. */
function historyButton(test) {
  const lines = linesOf(test);
  const points = lines[0]?.points ?? [];
  const name = points.length > 1 ? trendText(test, lines) : `${test.name}: ${messages.results.values(test.all.length)}`;
  return button(
    [points.length > 1 && sparkline(lines), el('span', {}, messages.results.values(test.all.length))],
    (pressed) => showDialog(test.name, history(test, lines, name), () => pressed.focus()),
    { class: 'trend plain', 'aria-label': name },
  );
}

/** Lines of the chart, oldest value first. Values without a usable date can't be placed. */
function linesOf({ all }) {
  const plotted = all
    .filter(({ time }) => time !== undefined)
    .toReversed()
    .flatMap(({ time, at, text, plotted: values }) => values.map((each) => ({ ...each, time, at, text })));
  return [...Map.groupBy(plotted, ({ line }) => line)].map(([name, points]) => ({ name, points }));
}

function trendText({ name }, [{ points }]) {
  const [first, last] = [points[0], points.at(-1)].map(({ text, at }) => `${text} (${day(at)})`);
  return messages.results.trend(name, points.length, first, last);
}

function history(test, lines, label) {
  const { columns, band } = messages.results;
  const drawn = lines[0]?.points.length > 1;
  const cells = test.all.map((each) => [
    day(each.at) || messages.dateless,
    each.text,
    flagView(each),
    each.range?.text,
  ]);
  const shown = columns.map((_, index) => cells.some((row) => row[index]));
  const line = (tag, values, attributes) =>
    el(
      'tr',
      {},
      values.filter((_, index) => shown[index]).map((value) => el(tag, attributes, value ?? '')),
    );
  return [
    drawn && chart({ lines, band: test.range, label }),
    drawn &&
      lines.length > 1 &&
      el(
        'p',
        { class: 'quiet' },
        lines.map(({ name }, index) => el('span', { class: `key key-${index}` }, name)),
      ),
    drawn && test.range && el('p', { class: 'quiet' }, band(test.range.text)),
    el(
      'table',
      {},
      el('thead', {}, line('th', columns, { scope: 'col' })),
      el(
        'tbody',
        {},
        cells.map((row) => line('td', row)),
      ),
    ),
  ];
}
