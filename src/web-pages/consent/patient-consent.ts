import { formatBirthDate, formatLongDate, formatLongDateTime, getMessages, type Language } from '../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { ConsentPage } from '../../oauth/index.ts';
import { appDescription, dataUseDescription } from './app-description.ts';
import { consentItemChoices, identityNote, sensitiveChoices } from './consent-items.ts';
import { DECISION_ID, decisionBar } from './decision-bar.ts';

/** Title and heading of the consent page, and its HTML inside and after the form. */
export interface ConsentContent {
  readonly title: string;
  readonly heading: string;
  readonly content: Html;
  readonly after: Html;
}

/** Returns the name of the patient whom the reader represents. `undefined` for the reader's own record. */
const representedPatient = ({ record }: ConsentPage): string | undefined =>
  record?.relation === 'representative' ? record.personName : undefined;

/**
 * Renders the parts of the consent page for a patient or representative: who asks, the decision, and the choices that
 * it is about. The bar with the decision stays at the bottom of the window.
 */
export function patientConsent(page: ConsentPage, language: Language): ConsentContent {
  const { consent } = getMessages(language);
  const { app } = page;
  const patientName = representedPatient(page);
  const reader = { language, patientName, timeZone: page.timeZone };
  const requestsData = page.groups.length > 0 || page.includesSupporting;
  return {
    title: consent.title(app.name),
    heading: requestsData ? consent.heading(app.name, patientName) : consent.headingWithoutData(app.name),
    content: html`${requestedRecord(page, language)}
  ${appDescription(app, reader)}
  ${decisionBar(page, language)}
  ${consentItemChoices(page, language, patientName)}
  ${identityNote(page, language, patientName)}
  ${sensitiveChoices(page.sensitive, language, patientName)}
  ${durationChoice(page, language)}
  ${existingAccessChoice(page, language, patientName)}
  ${dataUseDescription(page, reader)}
  <p class="go-to"><a href="#${DECISION_ID}">${consent.decision.goTo}</a></p>`,
    after: emptyHtml,
  };
}

function requestedRecord({ record, wasChosen }: ConsentPage, language: Language): Html {
  if (record === undefined) return emptyHtml;
  const { record: messages } = getMessages(language).consent;
  const { personName, practiceName, relation } = record;
  const born = record.birthDate === null ? undefined : formatBirthDate(language, record.birthDate);
  const sentence = relation === 'representative' ? messages.askedForHtml : messages.askedHtml;
  return html`
<p class="lead">${sentence(personName, born, practiceName)}</p>${wasChosen ? html`<p class="hint">${messages.wrong}</p>` : ''}`;
}

/**
 * Renders how long access lasts: a sentence if there is nothing to choose, or a collapsed section with the choices. The
 * stylesheet shows the present choice while the section is closed, so it is right without JavaScript too.
 */
function durationChoice(page: ConsentPage, language: Language): Html {
  const { durations, accountPath } = page;
  const { duration: messages, stop, app: appWords } = getMessages(language).consent;
  const whereToStop = html`<p class="hint">${stop.before} <a href="${accountPath}" target="_blank" rel="noopener noreferrer">${stop.link}</a> ${appWords.newTab}.</p>`;
  const away = offlineChoice(page, language) ?? termNote(page, language);
  if (durations.length === 0) {
    return html`
  <h2>${messages.heading}</h2>
  ${away}
  ${whereToStop}`;
  }
  const choices = durations.map(
    ({ value, label, selected }, index) => html`
      <div class="pill">
        <input type="radio" id="duration-${index}" name="duration" value="${value}" ${attribute('checked', selected)}>
        <label for="duration-${index}">${label}</label>
      </div>`,
  );
  return html`
  <fieldset class="duration ${needsOffline(page) && 'needs-offline'}"><legend>${messages.heading}</legend>
    <details class="data-group"><summary>${presentDuration(page, language)}</summary>
      ${away}
      <div class="pills">${choices}</div>
    </details>
    ${whereToStop}
  </fieldset>`;
}

/** Whether there is a duration to choose only with offline access. Without it, access ends within the session or hour. */
const needsOffline = ({ offline, term }: ConsentPage): boolean => offline !== undefined && term.kind !== 'rolling';

/** Renders each answer that the closed section can show. The stylesheet shows the one that is chosen. */
function presentDuration(page: ConsentPage, language: Language): Html {
  const { durations, offline, term } = page;
  const { duration: messages, term: terms } = getMessages(language).consent;
  return html`<b>${durations.map(({ label }, index) => html`<span class="lasts lasts-${index}">${label}</span>`)}${needsOffline(page) && term.kind !== 'rolling' && html`<span class="lasts short">${terms.lengths[term.kind]}</span>`}</b>${offline !== undefined && html`<span class="away">${messages.away}</span>`}`;
}

/** Renders how long access lasts, if the person can't choose the duration. */
export function termNote({ term, app }: ConsentPage, language: Language): Html {
  const { term: messages, offline } = getMessages(language).consent;
  const text = term.kind === 'rolling' ? offline.hint(term.days) : messages.only(app.name, messages.lengths[term.kind]);
  return html`<p class="hint below">${text}</p>`;
}

/** Renders the checkbox for offline access. `undefined` if offline access isn't offered. */
export function offlineChoice({ offline, term }: ConsentPage, language: Language): Html | undefined {
  if (offline === undefined) return undefined;
  const { offline: messages, term: terms } = getMessages(language).consent;
  const otherwise = term.kind === 'rolling' ? messages.otherwise(term.days) : terms.unchecked(terms.lengths[term.kind]);
  return html`
    <div class="data-group">
      <input class="switch" type="checkbox" role="switch" id="offline" name="offline" value="yes" aria-labelledby="name-offline" aria-describedby="about-offline" ${attribute('checked', offline.ticked)}>
      <label for="offline"><b id="name-offline">${messages.label}</b><span id="about-offline">${messages.hint(offline.days)} ${otherwise}</span></label>
    </div>`;
}

/**
 * Offers to apply the decision to the app's existing access too. The text says what the existing access covers, because
 * people don't remember what they allowed.
 */
function existingAccessChoice(
  { earlierAccess, app, timeZone }: ConsentPage,
  language: Language,
  patientName?: string,
): Html {
  if (earlierAccess === undefined) return emptyHtml;
  const { earlierGrant: messages } = getMessages(language).consent;
  const kinds = earlierAccess.kinds.length === 0 ? [messages.noData] : earlierAccess.kinds;
  const until =
    earlierAccess.ends === undefined ? undefined : formatLongDateTime(language, earlierAccess.ends, timeZone);
  const summary = messages.given(
    app.name,
    patientName,
    formatLongDate(language, earlierAccess.since, timeZone),
    kinds,
    until,
  );
  return html`
  <fieldset aria-describedby="about-given"><legend>${messages.legend(app.name)}</legend>
    <p id="about-given">${summary}</p>
    <div class="checkbox-row">
      <input type="checkbox" id="earlier" name="earlier" value="yes" aria-describedby="about-earlier">
      <label for="earlier">${messages.label}</label>
      <p id="about-earlier">${messages.hint(app.name)}</p>
    </div>
  </fieldset>`;
}
