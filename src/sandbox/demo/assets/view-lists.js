import { el } from './dom.js';
import { capital, day, small } from './format.js';
import { NAMELESS } from './record.js';
import { folded, item, joined, list, nothing, tag } from './rows.js';

const UNKNOWN = 'status not recorded';

const OVER = ['completed', 'stopped', 'cancelled'];

/**
 * One line for each medication, however often it was renewed: the dosage of the latest order and the date of the first.
 */
export function medicinesView(medicines) {
  if (medicines.length === 0) return nothing('None recorded.');
  const taken = medicines.filter(({ forbidden }) => !forbidden);
  return [...takenViews(taken), ...forbiddenViews(medicines)];
}

const forbiddenViews = (medicines) => {
  const forbidden = medicines.filter((each) => each.forbidden && !OVER.includes(each.state));
  return forbidden.length === 0 ? [] : [el('h3', {}, 'Do not take'), list(forbidden, forbiddenRow)];
};

const forbiddenRow = (each) =>
  item([each.name ?? NAMELESS, tag('do not take', 'warn')], each.why && `because of ${small(each.why)}`);

function takenViews(medicines) {
  // Two orders without a name may be two medications.
  const orders = Map.groupBy(medicines, (each) => (each.name ? `${each.name} ${each.how} ${each.planned}` : each));
  const latest = [...orders.values()].map((all) => ({ ...all[0], since: all.at(-1).since }));
  const going = latest.filter(({ state }) => !OVER.includes(state));
  const now = going.filter(({ planned }) => !planned);
  const planned = going.filter((each) => each.planned);
  const current = new Set(going.map(({ name }) => name).filter(Boolean));
  const before = latest.filter(({ name, state }) => OVER.includes(state) && !current.has(name));
  return [
    now.length === 0 ? nothing('No current medicines on record.') : list(now, medicineRow, 'two'),
    planned.length === 0 ? null : [el('h3', {}, 'Planned'), list(planned, medicineRow)],
    folded('Earlier medicines', before, medicineRow),
  ];
}

const STATES = { unknown: UNKNOWN, 'on-hold': 'on hold', refuted: 'ruled out' };
const stateText = (state) => STATES[state] ?? state ?? UNKNOWN;

const medicineRow = (each) =>
  item(
    [
      each.name ?? NAMELESS,
      each.reported ? tag('reported to the practice') : null,
      each.state === 'active' || (each.planned && each.state === 'draft') ? null : tag(stateText(each.state)),
    ],
    each.how,
    joined(each.why && `for ${small(each.why)}`, sinceText(each), each.reported ? '' : each.by),
    each.ended && `Stopped: ${each.ended}`,
  );

const sinceText = ({ since, planned }) =>
  planned ? joinedWords('planned', since && `recorded ${day(since)}`) : since && `since ${day(since)}`;
const joinedWords = (...words) => words.filter(Boolean).join(', ');

/** States that there is no allergy only if the record says so, with an entry of that name. */
export function allergiesView(allergies) {
  if (allergies.length === 0) return nothing('None recorded.');
  const active = allergies.filter(({ state }) => state === 'active');
  return [
    active.length === 0 ? nothing('No active allergies on record.') : list(active, allergyRow),
    folded(
      'Inactive, resolved or ruled out',
      allergies.filter(({ state }) => state !== 'active'),
      allergyRow,
    ),
  ];
}

const allergyRow = (each) =>
  item(
    [
      each.name ?? NAMELESS,
      each.severity === 'severe' ? tag('severe', 'warn') : null,
      each.doubt ? tag(each.doubt) : null,
      each.state === 'active' ? null : tag(stateText(each.state)),
    ],
    each.reactions.length > 0 && capital(each.reactions.join(', ').toLowerCase()),
    each.since && `since ${day(each.since)}`,
  );

const QUIET = ['inactive', 'remission', 'resolved', 'refuted'];

/** Conditions first, then concerns, then encounter diagnoses that are not on the problem list, each once. */
export function problemsView(problems) {
  if (problems.length === 0) return nothing('None recorded.');
  const listed = problems.filter(({ kind }) => kind !== 'visit');
  const ordered = [true, false].flatMap((first) => listed.filter(({ kind }) => (kind !== 'concern') === first));
  const seen = new Set(listed.map(({ name }) => name));
  const fromVisits = problems.filter(({ kind, name }) => kind === 'visit' && !seen.has(name) && seen.add(name));
  const now = ordered.filter(({ state, family }) => !QUIET.includes(state) && !family);
  return [
    now.length === 0 ? nothing('No current health problems on record.') : list(now, problemRow),
    folded(
      'Inactive, resolved or ruled out',
      ordered.filter(({ state, family }) => QUIET.includes(state) && !family),
      problemRow,
    ),
    folded(
      'Family history',
      ordered.filter(({ family }) => family),
      problemRow,
    ),
    folded('Diagnosed at visits', fromVisits, problemRow),
  ];
}

const problemRow = (each) =>
  item(
    [
      each.name ?? NAMELESS,
      each.kind === 'concern' ? tag('concern') : null,
      each.family ? tag('a relative, not you') : null,
      each.doubt ? tag(each.doubt) : null,
      each.state === 'active' ? null : tag(stateText(each.state)),
    ],
    joined(each.since && `since ${day(each.since)}`, each.until && `until ${day(each.until)}`),
  );

/** Each vaccine once with its dates. A declined shot doesn't count as given. */
export function shotsView(shots) {
  const byName = Map.groupBy(shots, ({ name }) => name ?? NAMELESS);
  return shots.length === 0 ? nothing('None recorded.') : list([...byName], shotRow, 'two');
}

function shotRow([name, all]) {
  const given = all.filter(({ missed }) => missed === undefined);
  const missed = Map.groupBy(
    all.filter((each) => each.missed !== undefined),
    (each) => each.missed,
  );
  return item(name, daysText(given), ...[...missed].map(([why, each]) => `${capital(why)}: ${daysText(each)}`));
}

const daysText = (shots) =>
  shots.map(({ at, weak }) => joinedWords(day(at) || 'date not recorded', weak && 'reduced-strength dose')).join(' · ');
