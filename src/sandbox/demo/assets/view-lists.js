import { el } from './dom.js';
import { capital, day, number } from './format.js';

const item = (title, ...lines) =>
  el(
    'li',
    {},
    el('p', { class: 'title' }, title),
    lines.filter(Boolean).map((line) => el('p', { class: 'quiet' }, line)),
  );
const list = (items, view, kind = '') => el('ul', { class: `rows ${kind}` }, items.map(view));
const tag = (text, kind = '') => el('span', { class: `tag ${kind}` }, text);
const joined = (...parts) => parts.filter(Boolean).join(' · ');

/** What is over and done is a click away. */
function folded(label, items, view) {
  return items.length === 0
    ? []
    : [el('details', {}, el('summary', {}, `${label} (${number(items.length)})`), list(items, view))];
}

const nothing = (text) => el('p', { class: 'quiet' }, text);

/** One line for a medicine, however often it was ordered again: how it is taken by the last order, since the first. */
export function medicinesView(medicines) {
  const orders = Map.groupBy(medicines, ({ name, how, planned }) => `${name} ${how} ${planned}`);
  const latest = [...orders.values()].map((all) => ({ ...all[0], since: all.at(-1).since }));
  const now = latest.filter((each) => each.state === 'active' && !each.planned);
  const planned = latest.filter((each) => each.planned);
  const current = new Set([...now, ...planned].map(({ name }) => name));
  const before = latest.filter((each) => !current.has(each.name));
  return [
    now.length === 0 ? nothing('No medicines now.') : list(now, medicineRow, 'two'),
    planned.length === 0 ? null : [el('h3', {}, 'Planned'), list(planned, medicineRow)],
    folded('Earlier medicines', before, medicineRow),
  ];
}

const medicineRow = (each) =>
  item(
    [each.name, each.reported ? tag('told by you') : null, each.state === 'active' ? null : tag(each.state)],
    each.how,
    joined(
      each.why && `for ${each.why.toLowerCase()}`,
      each.since && `since ${day(each.since)}`,
      each.reported ? '' : each.by,
    ),
    each.ended && `Stopped: ${each.ended}`,
  );

export function allergiesView(allergies) {
  const active = allergies.filter(({ state }) => state === 'active');
  return [
    active.length === 0 ? nothing('None.') : list(active, allergyRow),
    folded(
      'No longer, or not true',
      allergies.filter(({ state }) => state !== 'active'),
      allergyRow,
    ),
  ];
}

const allergyRow = (each) =>
  item(
    [
      each.name,
      each.severity === 'severe' ? tag('severe', 'warn') : null,
      each.state === 'active' ? null : tag(each.state),
    ],
    each.reactions.length > 0 && capital(each.reactions.join(', ').toLowerCase()),
    each.since && `since ${day(each.since)}`,
  );

/** The list; where only diagnoses of visits were shared, those, each once. */
export function problemsView(problems) {
  const listed = problems.filter(({ kind }) => kind !== 'visit');
  const seen = new Set(listed.map(({ name }) => name));
  const fromVisits = problems.filter(({ kind, name }) => kind === 'visit' && !seen.has(name) && seen.add(name));
  const now = listed.filter(({ state }) => state === 'active');
  return [
    now.length === 0 ? nothing('Nothing on the list now.') : list(now, problemRow),
    folded(
      'Past and quiet',
      listed.filter(({ state }) => state !== 'active'),
      problemRow,
    ),
    folded('Seen at visits', fromVisits, problemRow),
  ];
}

const problemRow = (each) =>
  item(
    [
      each.name,
      each.kind === 'concern' ? tag('concern') : null,
      each.state === 'active' || !each.state ? null : tag(each.state),
    ],
    joined(each.since && `since ${day(each.since)}`, each.until && `until ${day(each.until)}`),
  );

/** Each vaccine once, with its days. */
export function shotsView(shots) {
  const byName = Map.groupBy(shots, ({ name }) => name);
  return shots.length === 0
    ? nothing('None recorded.')
    : el(
        'ul',
        { class: 'rows two' },
        [...byName].map(([name, given]) => item(name, given.map(shotText).join(' · '))),
      );
}

const shotText = ({ at, missed }) => (missed ? `${day(at)}: ${missed.toLowerCase()}` : day(at));

const FEW = 8;

export function visitsView(visits) {
  const row = (each) =>
    el(
      'li',
      {},
      el('p', { class: 'when' }, day(each.at)),
      el(
        'div',
        {},
        el('p', { class: 'title' }, each.name, each.kind === 'Office' || each.kind === '' ? null : tag(each.kind)),
        each.reasons.length > 0 ? el('p', { class: 'quiet' }, each.reasons.join(', ')) : null,
        el('p', { class: 'quiet' }, joined(each.where, each.by)),
      ),
    );
  const timeline = (items) => el('ol', { class: 'timeline' }, items.map(row));
  if (visits.length === 0) return nothing('None recorded.');
  const [recent, older] = [visits.slice(0, FEW), visits.slice(FEW)];
  if (older.length === 0) return timeline(recent);
  return [
    timeline(recent),
    el('details', {}, el('summary', {}, `${number(older.length)} visits before`), timeline(older)),
  ];
}

/** @param open what to do with one */
export function documentsView(documents, open) {
  const row = (each) =>
    el(
      'li',
      { class: 'document' },
      el('div', {}, el('p', { class: 'title' }, each.name), el('p', { class: 'quiet' }, joined(each.kind, each.by))),
      el(
        'button',
        {
          type: 'button',
          onclick: (event) => open(each, event.currentTarget),
          'aria-label': `${openLabel(each)}: ${each.name}`,
        },
        openLabel(each),
      ),
    );
  if (documents.length === 0) return nothing('None recorded.');
  const [recent, older] = [documents.slice(0, FEW), documents.slice(FEW)];
  const rows = (items) => el('ul', { class: 'rows' }, items.map(row));
  return [
    rows(recent),
    older.length === 0
      ? null
      : el('details', {}, el('summary', {}, `${number(older.length)} older documents`), rows(older)),
  ];
}

const openLabel = ({ attachment }) => (attachment?.contentType === 'text/plain' ? 'Read' : 'Save');
