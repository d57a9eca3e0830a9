import { button, el, show } from './dom.js';
import { age, capital, day, number, plural, time } from './format.js';
import { NAMELESS } from './record.js';
import { failureView } from './view-failure.js';
import { allergiesView, medicinesView, problemsView, shotsView } from './view-lists.js';
import { resultsView } from './view-results.js';
import { documentsView, visitsView } from './view-visits.js';

const SECTIONS = [
  ['medicines', 'Medicines', medicinesView],
  ['allergies', 'Allergies', allergiesView],
  ['problems', 'Health problems', problemsView],
  ['results', 'Measurements and labs', resultsView],
  ['shots', 'Immunizations', shotsView],
  ['visits', 'Visits', visitsView],
  ['documents', 'Notes and documents', documentsView],
];

/**
 * The screen of a connected record.
 * @param actions callbacks of its buttons
 */
export function showRecord(reading, actions) {
  const { version } = reading;
  const offered = SECTIONS.filter(([key]) => version.names[key] !== undefined);
  const person = safely(() => version.person(reading.patient));
  show(
    person === undefined ? broken() : (safely(() => personView(person)) ?? broken()),
    toolbar(reading, actions),
    el('div', { id: 'progress' }),
    el('p', { id: 'done', class: 'quiet', role: 'status' }),
    el(
      'div',
      { class: 'columns' },
      el(
        'nav',
        { 'aria-label': 'Sections of the record' },
        el(
          'ul',
          {},
          offered.map(([key, title]) => el('li', {}, el('a', { href: `#${key}` }, title))),
        ),
      ),
      el(
        'div',
        { class: 'sections' },
        offered.map(([key, title]) =>
          el(
            'section',
            { id: key, 'aria-labelledby': `${key}-title`, tabindex: '-1' },
            el('h2', { id: `${key}-title` }, title),
            el('div', { class: 'content' }),
          ),
        ),
        absent(version),
      ),
    ),
  );
  document.title = person?.name ? `${person.name} – My Record (demo)` : 'My Record (demo)';
}

/** Real data can be stranger than any code expects, so a part that can't be rendered must not take down the others. */
function safely(make) {
  try {
    return make();
  } catch (error) {
    console.error(error);
    return undefined;
  }
}

const broken = () => el('p', { class: 'note wrong', role: 'alert' }, 'The app couldn’t show this section.');

function absent(version) {
  const missing = SECTIONS.filter(([key]) => version.names[key] === undefined).map(([, title]) => title.toLowerCase());
  return missing.length === 0
    ? null
    : el('p', { class: 'note' }, `Not shown with ${version.name}: ${missing.join(', ')}. To see them, choose R4.`);
}

function personView(person) {
  const facts = [
    capital([person.died === undefined && age(person.born), person.sex].filter(Boolean).join(', ')),
    person.born && `Born ${day(person.born)}`,
    person.died !== undefined && `Died ${day(person.died)}`.trim(),
    person.formerly && `Formerly ${person.formerly}`,
    person.languages.length > 0 && person.languages.join(', '),
    person.number && `Medical record number ${person.number}`,
  ];
  return el(
    'header',
    { class: 'person' },
    el('h1', {}, person.name || NAMELESS),
    el(
      'ul',
      { class: 'facts' },
      facts.filter(Boolean).map((fact) => el('li', {}, fact)),
    ),
    el('p', {}, [person.practice, person.doctor].filter(Boolean).join(' · ')),
  );
}

function toolbar(reading, actions) {
  const { tokenResponse, expiresAt } = reading.client.state;
  const choice = (key, label) =>
    button(label, () => actions.read(key), { 'aria-pressed': String(reading.api === key) });
  return el(
    'div',
    { class: 'toolbar' },
    el(
      'div',
      { class: 'switch', role: 'group', 'aria-label': 'FHIR version' },
      choice('r4', 'R4'),
      choice('dstu2', 'DSTU2'),
    ),
    button('Print', () => print(), { class: 'plain' }),
    el(
      'details',
      { class: 'connection' },
      el('summary', {}, 'Connection'),
      el(
        'dl',
        {},
        row('Token expires', el('span', { id: 'until' }, time(expiresAt * 1000))),
        row('Can be refreshed', tokenResponse.refresh_token ? 'while you are signed in at the practice' : 'no'),
        row('Scopes', el('code', {}, tokenResponse.scope ?? '')),
        row('FHIR server', el('code', {}, reading.base)),
      ),
      tokenResponse.refresh_token ? button('Refresh token', actions.refresh) : null,
    ),
    button('Disconnect', actions.disconnect, { class: 'plain' }),
  );
}

const row = (term, value) => el('div', {}, el('dt', {}, term), el('dd', {}, value));

export function showUntil(milliseconds) {
  const until = document.getElementById('until');
  if (until !== null) until.textContent = time(milliseconds);
}

/** Draws a section in its current state: loading, loaded, not shared or failed. */
export function showPart(reading, type, { open, retry }) {
  const [key, , view] = SECTIONS.find(([name]) => reading.version.names[name] === type);
  const content = document.querySelector(`#${key} .content`);
  if (content === null) return;
  const made = safely(() => partView(reading, type, key, view, { open, retry })) ?? broken();
  content.replaceChildren(...[made].flat(3).filter(Boolean));
}

function partView(reading, type, key, view, { open, retry }) {
  const part = reading.parts[type];
  if (part.state === 'failed') return failureView(part.failure, retry);
  if (part.state === 'not-shared')
    return el(
      'p',
      { class: 'quiet not-shared' },
      'Not shared. You didn’t select this when you gave permission. To share it, connect again.',
    );
  if (part.state === 'waiting') return el('p', { class: 'quiet' }, 'Loading…');
  const limit = reading.version.limits?.[key];
  return [view(reading.version[key](part.resources), open), limit && el('p', { class: 'quiet limit' }, limit)];
}

/** Shows the progress of loading over all sections; removed when done. */
export function showProgress(reading) {
  const parts = Object.values(reading.parts);
  const [got, total] = [sum(parts, 'got'), sum(parts, 'total')];
  const place = document.getElementById('progress');
  if (place === null) return;
  const done = document.getElementById('done');
  done.textContent = '';
  if (parts.some(({ state }) => state === 'waiting')) {
    place.replaceChildren(
      el(
        'label',
        {},
        `Loading your record: ${number(got)}${total > got ? ` of ${number(total)}` : ''} entries `,
        el('progress', { max: Math.max(total, 1), value: got }),
      ),
    );
    return;
  }
  place.replaceChildren();
  const failed = parts.some(({ state }) => state === 'failed');
  done.textContent = failed
    ? 'Some sections couldn’t be loaded.'
    : `Your record is loaded: ${plural(got, 'entry', 'entries')}.`;
}

const sum = (parts, key) => parts.reduce((total, part) => total + (part[key] ?? 0), 0);
