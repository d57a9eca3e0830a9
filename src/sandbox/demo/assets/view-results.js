import { chart, sparkline } from './chart.js';
import { button, el, showDialog } from './dom.js';
import { day } from './format.js';
import { messages } from './messages.js';

/** Maximum number of other answers and tests that are shown at first. A longer list is collapsed. */
const SHOWN = 8;

/** Shows the latest value of each test: measurements, laboratory tests by panel, and other answers. */
export function resultsView(tests) {
  if (tests.length === 0) return el('p', { class: 'quiet' }, messages.none.other);
  const text = messages.results;
  const marked = tests.filter(({ mark }) => mark);
  return [
    marked.length > 0 && el('p', {}, text.marked(marked.length, tests.length)),
    ...Object.entries(text.kinds).flatMap(([kind, title]) => {
      const own = tests.filter((test) => test.kind === kind);
      const [known, absent] = [false, true].map((isAbsent) => own.filter((test) => test.isAbsent === isAbsent));
      if (own.length === 0) return [];
      if (kind === 'other' && own.length > SHOWN) return [folded(title, own)];
      return [
        el('h3', {}, title),
        kind === 'laboratory' ? panels(known) : list(known),
        absent.length > 0 && folded(text.absentTests, absent),
      ];
    }),
    el('p', { class: 'quiet' }, text.markNote),
  ];
}

/** Panels and tests with a mark come first. Tests without a panel, or alone in theirs, come under one name. */
function panels(tests) {
  const sizes = Map.groupBy(tests, ({ panel }) => panel);
  const byPanel = Map.groupBy(tests, ({ panel }) => (sizes.get(panel).length > 1 ? panel : undefined));
  const rank = (panel, own) => (own.some(({ mark }) => mark) ? 0 : panel === undefined ? 2 : 1);
  return [...byPanel]
    .toSorted((one, other) => rank(...one) - rank(...other))
    .map(([panel, own]) => [byPanel.size > 1 && el('h4', {}, panel ?? messages.results.otherTests), list(own)]);
}

const folded = (title, tests) => el('details', {}, el('summary', {}, `${title} (${tests.length})`), list(tests));

const list = (tests) =>
  el('ul', { class: 'rows tests' }, tests.toSorted((one, other) => Number(!one.mark) - Number(!other.mark)).map(row));

const row = (test) =>
  el(
    'li',
    {},
    el('p', { class: 'title' }, test.name),
    el('p', { class: 'latest' }, el('strong', {}, test.text), ' ', flagView(test)),
    el(
      'p',
      { class: 'quiet' },
      [day(test.at) || messages.dateless, test.range && `${messages.results.range}: ${test.range.text}`]
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
