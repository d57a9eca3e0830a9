import { formatBirthDate, getMessages, type Language } from '../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import { type ConsentPage, hasGroupSwitch } from '../../oauth/index.ts';
import { visitText } from '../visit-text.ts';
import { decisionButtons } from './decision-bar.ts';
import { type ConsentContent, offlineChoice, termNote } from './patient-consent.ts';

/**
 * Renders the parts of the consent page for staff. Staff allow the app as a whole and can't choose data, because the
 * records aren't theirs to share in parts.
 */
export function staffConsent(page: ConsentPage, language: Language): ConsentContent {
  const { app, record } = page;
  const { staffConsent: messages } = getMessages(language).practicePortal;
  const title = record === undefined ? messages.title(app.name) : messages.titleForPatient(app.name, record.personName);
  return {
    title,
    heading: title,
    content: html`${chartHeading(page, language)}
  ${allPatients(page, language)}
  ${consentItemList(page, language)}
  ${page.includesSupporting && html`<p class="hint below">${getMessages(language).consent.items.supporting}</p>`}
  ${offlineChoice(page, language) ?? termNote(page, language)}
  ${decisionButtons(language)}`,
    after: html`<p class="muted">${messages.leavesHtml(app.address)}</p>${backToChart(page, language)}`,
  };
}

function chartHeading({ record, visit, wasChosen }: ConsentPage, language: Language): Html {
  if (record === undefined) return emptyHtml;
  const { patientHtml, visitHtml, wrongPatient } = getMessages(language).practicePortal.staffConsent;
  const born = record.birthDate === null ? undefined : formatBirthDate(language, record.birthDate);
  return html`
  <p class="lead">${patientHtml(record.personName, born, record.practiceName)}</p>${visit && html`<p>${visitHtml(visitText(visit, language))}</p>`}${wasChosen ? html`<p class="hint">${wrongPatient}</p>` : ''}`;
}

const backToChart = ({ record, chartPath }: ConsentPage, language: Language): Html =>
  record === undefined || chartPath === undefined
    ? emptyHtml
    : html`<p><a href="${chartPath}">${getMessages(language).practicePortal.launcher.backToChart(record.personName)}</a></p>`;

const allPatients = ({ practices }: ConsentPage, language: Language): Html =>
  practices.length === 0
    ? emptyHtml
    : html`
  <div class="note"><p>${getMessages(language).practicePortal.staffConsent.allPatientsHtml(practices)}</p></div>`;

function consentItemList({ groups, includesSupporting, app }: ConsentPage, language: Language): Html {
  const { consent, practicePortal } = getMessages(language);
  if (groups.length === 0) return includesSupporting ? emptyHtml : html`<p>${consent.items.none(undefined)}</p>`;
  const items = groups.flatMap(({ heading, items: lines }) =>
    hasGroupSwitch(lines)
      ? [html`<li><b>${heading}</b><p>${lines.map(({ label }) => label).join(', ')}</p></li>`]
      : lines.map(({ label, detail }) => html`<li><b>${label}</b><p>${detail}</p></li>`),
  );
  return html`
  <h2>${practicePortal.staffConsent.canSee(app.name)}</h2>
  <ul class="list">${items}</ul>`;
}
