import { getMessages } from '../../i18n/index.ts';
import { emptyHtml, type Html, html, joinHtml } from '../../kernel/index.ts';
import type { ConsentPage } from '../../oauth/index.ts';
import { includedDataNote } from './consent-items.ts';
import { type ConsentContent, offlineChoice, termNote } from './patient-consent.ts';

/**
 * Renders the parts of the consent page for staff. The page is in English. Staff allow the app as a whole and can't
 * choose data, because the records aren't theirs to share in parts.
 */
export function staffConsent(page: ConsentPage): ConsentContent {
  const { app, record } = page;
  const title = record === undefined ? `Open ${app.name}?` : `Open ${app.name} with ${record.personName}’s chart?`;
  return {
    title,
    heading: title,
    before: emptyHtml,
    choices: html`${chartHeading(page)}
  ${allPatients(page)}
  ${consentItemList(page)}
  ${includedDataNote(page, 'en')}
  ${offlineChoice(page, 'en') ?? termNote(page, 'en')}`,
    after: html`<p class="quiet">After you answer, you go to <b>${app.address}</b>.</p>`,
  };
}

function chartHeading({ record, wasChosen }: ConsentPage): Html {
  if (record === undefined) return emptyHtml;
  const born = record.birthDate === null ? '' : html`, born <span class="date">${record.birthDate}</span>`;
  return html`
  <p class="lead"><b>${record.personName}</b>${born}, ${record.practiceName}</p>${wasChosen ? html`<p class="hint">If this is the wrong patient, go back and choose another.</p>` : ''}`;
}

const allPatients = ({ practices }: ConsentPage): Html =>
  practices.length === 0
    ? emptyHtml
    : html`
  <div class="note"><p>This app requests the records of <b>all patients</b> of ${joinHtml(
    practices.map((name) => html`<b>${name}</b>`),
    ' and ',
  )}, not just one patient.</p></div>`;

function consentItemList({ groups, includesSupporting, app }: ConsentPage): Html {
  if (groups.length === 0)
    return includesSupporting ? emptyHtml : html`<p>${getMessages('en').consent.items.none(undefined)}</p>`;
  const items = groups.flatMap(({ heading, items: lines }) =>
    heading === undefined
      ? lines.map(({ label, detail }) => html`<li><b>${label}</b><p>${detail}</p></li>`)
      : [html`<li><b>${heading}</b><p>${lines.map(({ label }) => label).join(', ')}</p></li>`],
  );
  return html`
  <h2>What ${app.name} can see</h2>
  <ul class="list">${items}</ul>`;
}
