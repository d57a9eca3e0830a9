import { html } from 'ghtml';
import type { ConsentPage } from '../oauth/index.ts';
import { wordsIn } from '../words/index.ts';
import { alsoNote } from './consent-lines.ts';
import { type ConsentParts, offlineChoice, termNote } from './consent-patient.ts';

/**
 * Parts of the consent page for staff. It is in English and has no choice of data: staff allow the app as a whole,
 * because the records aren't theirs to share in parts.
 */
export function staffConsent(page: ConsentPage): ConsentParts {
  const { app, record } = page;
  const title = record === undefined ? `Open ${app.name}?` : `Open ${app.name} with ${record.personName}’s chart?`;
  return {
    title,
    heading: title,
    before: '',
    choices: html`!${chart(page)}
  !${allPatients(page)}
  !${lineList(page)}
  !${alsoNote(page, 'en')}
  !${offlineChoice(page, 'en') ?? termNote(page, 'en')}`,
    after: html`<p class="quiet">Your answer takes you to <b>${app.address}</b>.</p>`,
  };
}

function chart({ record, chosen }: ConsentPage): string {
  if (record === undefined) return '';
  const born = record.birthDate === null ? '' : html`, born <span class="date">${record.birthDate}</span>`;
  return html`
  <p class="lead"><b>${record.personName}</b>!${born}, ${record.practiceName}</p>!${chosen ? html`<p class="hint">If that is the wrong patient, go back and choose another.</p>` : ''}`;
}

const allPatients = ({ practices }: ConsentPage): string =>
  practices.length === 0
    ? ''
    : html`
  <div class="note"><p>This app asks for the records of <b>all patients</b> of !${practices.map((name) => html`<b>${name}</b>`).join(' and ')}, not of one patient only.</p></div>`;

function lineList({ groups, supporting, app }: ConsentPage): string {
  if (groups.length === 0) return supporting ? '' : html`<p>${wordsIn('en').consent.lines.none(undefined)}</p>`;
  const items = groups.flatMap(({ heading, lines }) =>
    heading === undefined
      ? lines.map(({ label, detail }) => html`<li><b>${label}</b><p>${detail}</p></li>`)
      : [html`<li><b>${heading}</b><p>${lines.map(({ label }) => label).join(', ')}</p></li>`],
  );
  return html`
  <h2>What ${app.name} may see</h2>
  <ul class="list">!${items.join('')}</ul>`;
}
