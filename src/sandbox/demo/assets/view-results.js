import { chart } from './chart.js';
import { button, el } from './dom.js';
import { capital, dateOf, day, number, plural, valueText, withDays } from './format.js';
import { NAMELESS } from './record.js';
import { latestText, seriesOf, wordsLatest } from './series.js';

const SHOWN = 6;

const KINDS = [
  ['Vital signs', (each) => each.category === 'vital-signs'],
  ['Lab results', (each) => each.category === 'laboratory'],
  ['Scores and other measurements', (each) => !['vital-signs', 'laboratory'].includes(each.category)],
];

export function resultsView(results) {
  const series = seriesOf(results);
  const words = wordsLatest(results);
  if (series.length + words.length === 0) return el('p', { class: 'quiet' }, 'None recorded.');
  const parts = KINDS.flatMap(([title, belongs]) => {
    const own = series.filter(belongs);
    return own.length === 0 ? [] : [el('h3', {}, title), grid(own)];
  });
  if (words.length > 0)
    parts.push(el('h3', {}, 'Other results and answers'), el('dl', { class: 'words' }, words.map(wordRow)));
  return parts;
}

/** Shows the first few, and the rest on request. */
function grid(series) {
  const cards = el('ul', { class: 'cards' }, series.slice(0, SHOWN).map(card));
  if (series.length <= SHOWN) return cards;
  const more = button(`Show all ${number(series.length)}`, () => {
    const rest = series.slice(SHOWN).map(card);
    cards.append(...rest);
    more.remove();
    rest[0].querySelector('summary').focus();
  });
  return el('div', {}, cards, more);
}

function card(series) {
  const { name, lines, last } = series;
  const text = latestText(series, valueText);
  const drawn = lines.map((line) => ({ ...line, points: line.points.filter(({ at }) => dateOf(at) !== undefined) }));
  return el(
    'li',
    { class: 'card' },
    el('h4', {}, name),
    el(
      'p',
      { class: 'latest' },
      el('strong', {}, text),
      markOf(last) ? el('span', { class: 'flag' }, capital(markOf(last))) : null,
    ),
    el(
      'p',
      { class: 'quiet' },
      day(last.at) || 'Date not recorded',
      last.rangeText ? ` · reference range ${last.rangeText}` : null,
    ),
    drawn[0].points.length > 1 ? [chartOf(series, drawn, text), lines.length > 1 ? legend(lines) : null] : null,
    table(lines),
  );
}

function chartOf({ name, last }, lines, text) {
  const [{ points }] = lines;
  const mark = markOf(last) ? `, ${markOf(last)}` : '';
  const label = `${name}: ${text} on ${day(last.at)}${mark}; ${plural(points.length, 'value')} since ${day(points[0].at)}`;
  return chart({ lines, band: lines.length > 1 ? {} : last, label });
}

const legend = (lines) =>
  el(
    'p',
    { class: 'legend' },
    lines.map((line, index) => el('span', { class: `key key-${index}` }, line.name)),
  );

/** The chart's values as a table, for screen readers and anyone who wants numbers. Built when opened. */
function table(lines) {
  const count = lines[0].points.length;
  const details = el('details', {}, el('summary', {}, count === 1 ? 'Show value' : `All ${number(count)} values`));
  details.addEventListener('toggle', () => details.append(valueTable(lines)), { once: true });
  return details;
}

function valueTable(lines) {
  const [{ points: main }, ...others] = lines;
  const rows = main.toReversed().map((own) => {
    // The second blood pressure value has the same time as the first.
    const points = [own, ...others.map((line) => line.points.find(({ at }) => at === own.at))];
    return [
      day(own.at),
      points.map((point) => (point ? valueText(point.value) : '')).join('/'),
      points
        .map((point) => (point ? markOf(point) : ''))
        .filter(Boolean)
        .join(', '),
    ];
  });
  return el(
    'div',
    { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Values' },
    el(
      'table',
      {},
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          ['Date', lines[0].points[0].unit || 'Value', 'Flag'].map((head) => el('th', { scope: 'col' }, head)),
        ),
      ),
      el(
        'tbody',
        {},
        rows.map(([at, value, flag]) => el('tr', {}, el('td', {}, at), el('td', {}, value), el('td', {}, flag))),
      ),
    ),
  );
}

/** High or low, and whether the result may still change. */
const markOf = ({ flag, changing }) => [flag, changing].filter(Boolean).join(', ');

const wordRow = ({ name, word, missing, at, changing }) =>
  el(
    'div',
    { class: 'word' },
    el('dt', {}, name ?? NAMELESS),
    el(
      'dd',
      {},
      missing ? `No value: ${missing}` : dayOrWord(String(word)),
      ' ',
      el('span', { class: 'quiet' }, [day(at), changing].filter(Boolean).join(' · ')),
    ),
  );

const dayOrWord = (word) => (dateOf(word) === undefined ? withDays(word) : day(word));
