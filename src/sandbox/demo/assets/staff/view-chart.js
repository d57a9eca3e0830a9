import { button, el, show } from '../shared/dom.js';
import { nameText } from '../shared/elements.js';
import { person } from '../shared/entries.js';
import { moment } from '../shared/format.js';
import { failureView, safely } from '../shared/view-failure.js';
import { personView } from '../shared/view-person.js';
import { chartUrl } from './links.js';
import { messages } from './messages.js';
import { config } from './page.js';
import { SECTIONS } from './sections.js';

/**
 * The screen of an open chart, with empty sections.
 * @param actions callbacks of its buttons
 */
export function showChart({ person: patient, user }, client, actions) {
  const section = ({ key }) =>
    el(
      'section',
      { id: key, 'aria-labelledby': `${key}-title` },
      el('h2', { id: `${key}-title` }, messages.sections[key]),
      el('div', { class: 'content' }),
    );
  show(
    banner(patient, client),
    el(
      'p',
      { class: 'user' },
      user ? messages.bar.openedBy(nameText(user.name) ?? messages.nameless) : messages.bar.unlisted,
    ),
    toolbar(client, actions),
    el('div', { class: 'sections' }, SECTIONS.map(section)),
  );
}

/**
 * `need_patient_banner` is false if the launching system shows the patient beside the app. Then the app doesn't.
 */
function banner(patient, client) {
  const needsBanner = client.state.tokenResponse.need_patient_banner !== false;
  const shown = person(patient);
  document.title = needsBanner && shown.name ? `${shown.name} – Visit Prep (demo)` : 'Visit Prep (demo)';
  return needsBanner ? personView(shown) : el('h1', {}, messages.bar.title);
}

function toolbar(client, { close }) {
  const { tokenResponse, expiresAt } = client.state;
  const { facts, ...text } = messages.bar;
  const row = (term, value) => el('div', {}, el('dt', {}, term), el('dd', {}, el('code', {}, String(value ?? '–'))));
  return el(
    'div',
    { class: 'toolbar' },
    el(
      'details',
      { class: 'connection' },
      el('summary', {}, text.details),
      el(
        'dl',
        {},
        row(facts.patient, tokenResponse.patient),
        row(facts.encounter, tokenResponse.encounter),
        row(facts.banner, tokenResponse.need_patient_banner),
        row(facts.style, tokenResponse.smart_style_url),
        row(facts.user, client.getFhirUser()),
        row(facts.scopes, tokenResponse.scope),
        row(facts.server, client.state.serverUrl),
        row(facts.expires, moment(new Date(expiresAt * 1000).toISOString())),
      ),
    ),
    el('a', { href: chartUrl(config, tokenResponse), class: 'back' }, messages.backToChart),
    button(text.print, () => print(), { class: 'plain' }),
    button(text.close, close, { class: 'plain' }),
  );
}

/** Draws a section: while it is read, when its parts are here, or when one of them failed. */
export function showSection(section, { parts, failure, again } = {}) {
  const content = document.querySelector(`#${section.key} .content`);
  if (content === null) return;
  const waiting = () => el('p', { class: 'quiet' }, messages.waiting);
  const view = safely(() => {
    if (failure) return failureView(failure, again);
    return parts ? el('div', {}, section.view(parts)) : waiting();
  });
  content.replaceChildren(view);
}
