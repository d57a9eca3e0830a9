import { button, el, show } from '../shared/dom.js';
import { person } from '../shared/entries.js';
import { number, time } from '../shared/format.js';
import { entriesView } from '../shared/view-entries.js';
import { failureView, safely } from '../shared/view-failure.js';
import { personView } from '../shared/view-person.js';
import { messages } from './messages.js';
import { SECTIONS, typeIn, typesOf } from './sections.js';
import { resultsView } from './view-results.js';

/**
 * The screen of a connected record.
 * @param actions callbacks of its buttons
 */
export function showRecord(reading, actions) {
  const link = ({ key }) => el('li', {}, el('a', { href: `#${key}` }, messages.sections[key]));
  const section = ({ key }) =>
    el(
      'section',
      { id: key, 'aria-labelledby': `${key}-title`, tabindex: '-1' },
      el('h2', { id: `${key}-title` }, messages.sections[key]),
      el('div', { class: 'content' }),
    );
  show(
    safely(() => {
      const shown = person(reading.patient);
      document.title = shown.name ? `${shown.name} – My Record (demo)` : 'My Record (demo)';
      return personView(shown);
    }),
    toolbar(reading, actions),
    el('div', { id: 'progress' }),
    el('p', { id: 'done', class: 'quiet', role: 'status' }),
    el(
      'div',
      { class: 'columns' },
      el('nav', { 'aria-label': messages.bar.sections }, el('ul', {}, SECTIONS.map(link))),
      el('div', { class: 'sections' }, SECTIONS.map(section)),
    ),
  );
}

function toolbar({ api, base, client }, actions) {
  const { tokenResponse, expiresAt } = client.state;
  const text = messages.bar;
  const choice = (key, label) => button(label, () => actions.read(key), { 'aria-pressed': String(api === key) });
  const row = (term, value) => el('div', {}, el('dt', {}, term), el('dd', {}, value));
  return el(
    'div',
    { class: 'toolbar' },
    el(
      'div',
      { class: 'switch', role: 'group', 'aria-label': text.version },
      choice('r4', 'R4'),
      choice('dstu2', 'DSTU2'),
    ),
    button(text.print, () => print(), { class: 'plain' }),
    el(
      'details',
      { class: 'connection' },
      el('summary', {}, text.connection),
      el(
        'dl',
        {},
        row(text.expires, el('span', { id: 'until' }, time(expiresAt * 1000))),
        row(text.refreshable, tokenResponse.refresh_token ? text.refreshableUntil : messages.results.no),
        row(text.scopes, el('code', {}, tokenResponse.scope ?? '')),
        row(text.server, el('code', {}, base)),
      ),
      tokenResponse.refresh_token && button(text.refresh, actions.refresh),
    ),
    button(text.disconnect, actions.disconnect, { class: 'plain' }),
  );
}

export function showUntil(milliseconds) {
  const until = document.getElementById('until');
  if (until !== null) until.textContent = time(milliseconds);
}

/** Draws a section in its current state: loading, loaded, not shared or failed. */
export function showSection(reading, section, actions) {
  const content = document.querySelector(`#${section.key} .content`);
  if (content === null) return;
  content.replaceChildren(
    el(
      'div',
      {},
      safely(() => sectionView(reading, section, actions)),
    ),
  );
}

function sectionView(reading, section, { open, retry }) {
  const partOf = (type) => reading.parts[typeIn(reading.api, type)];
  const failed = typesOf(section).filter((type) => partOf(type).state === 'failed');
  if (failed.length > 0)
    return failureView(partOf(failed[0]).failure, () =>
      failed.forEach((type) => void retry(typeIn(reading.api, type))),
    );
  if (typesOf(section).some((type) => partOf(type).state === 'waiting'))
    return el('p', { class: 'quiet' }, messages.waiting);
  const missing = section.types.filter((type) => partOf(type).state === 'not-shared');
  if (missing.length === section.types.length) return el('p', { class: 'quiet' }, messages.notShared);
  const resources = Object.fromEntries(Object.entries(reading.parts).map(([type, part]) => [type, part.resources]));
  const made = section.make(resources);
  const notes = [
    ...missing.map((type) => messages.partNotShared[type]),
    reading.api === 'dstu2' && section.key === 'medicines' && messages.dstu2Medicines,
  ];
  return [
    section.key === 'results' ? resultsView(made) : entriesView(made, { key: section.key, open }),
    notes.filter(Boolean).map((note) => el('p', { class: 'quiet limit' }, note)),
  ];
}

/** Shows the progress of loading over all sections; removed when done. */
export function showProgress(reading) {
  const parts = Object.values(reading.parts);
  const [got, total] = ['got', 'total'].map((key) => parts.reduce((sum, part) => sum + (part[key] ?? 0), 0));
  const place = document.getElementById('progress');
  if (place === null) return;
  const isLoading = parts.some(({ state }) => state === 'waiting');
  const text = messages.bar.loading(number(got), total > got && number(total));
  const bar = () => el('label', {}, text, ' ', el('progress', { max: Math.max(total, 1), value: got }));
  place.replaceChildren(...(isLoading ? [bar()] : []));
  const done = parts.some(({ state }) => state === 'failed') ? messages.bar.incomplete : messages.bar.loaded(got);
  document.getElementById('done').textContent = isLoading ? '' : done;
}
