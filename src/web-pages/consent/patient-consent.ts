import { formatBirthDate, formatLongDate, formatLongDateTime, getMessages, type Language } from '../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { ConsentPage } from '../../oauth/index.ts';
import { appDescription } from './app-description.ts';
import { consentItemChoices, includedDataNote, sensitiveChoices } from './consent-items.ts';

/** Title and heading of the consent page, and its HTML before, inside and after the form. */
export interface ConsentContent {
  readonly title: string;
  readonly heading: string;
  readonly before: Html;
  readonly choices: Html;
  readonly after: Html;
}

/** Returns the name of the patient whom the reader represents. `undefined` for the reader's own record. */
const representedPatient = ({ record }: ConsentPage): string | undefined =>
  record?.relation === 'representative' ? record.personName : undefined;

/** Renders the parts of the consent page for a patient or representative. */
export function patientConsent(page: ConsentPage, language: Language): ConsentContent {
  const { consent } = getMessages(language);
  const { app } = page;
  const patientName = representedPatient(page);
  const requestsData = page.groups.length > 0 || page.includesSupporting;
  const denied = page.earlierAccess === undefined ? consent.decision.denied : consent.decision.deniedAgain;
  return {
    title: consent.title(app.name),
    heading: requestsData ? consent.heading(app.name, patientName) : consent.headingWithoutData(app.name),
    before: html`${requestedRecord(page, language)}
${appDescription(app, { language, patientName, timeZone: page.timeZone })}`,
    choices: html`${consentItemChoices(page, language, patientName)}
  ${includedDataNote(page, language, patientName)}
  ${sensitiveChoices(page.sensitive, language, patientName)}
  ${durationChoice(page, language)}
  ${offlineChoice(page, language) ?? (page.term.kind === 'rolling' ? termNote(page, language) : '')}
  ${existingAccessChoice(page, language, patientName)}
  <p class="quiet">${consent.decision.leavesHtml(app.address, patientName)} ${denied(app.name)}</p>`,
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

function durationChoice(page: ConsentPage, language: Language): Html {
  const { durations, app, accountPath } = page;
  const { duration: messages, stop, app: appWords } = getMessages(language).consent;
  const whereToStop = html`${stop.before} <a href="${accountPath}" target="_blank" rel="noopener noreferrer">${stop.link}</a> ${appWords.newTab}.`;
  if (durations.length === 0) {
    return html`
  <h2>${messages.legend(app.name)}</h2>
  ${termNote(page, language)}
  <p class="hint">${whereToStop}</p>`;
  }
  const choices = durations.map(
    ({ value, label, selected }, index) => html`
    <div class="tick">
      <input type="radio" id="duration-${index}" name="duration" value="${value}" ${attribute('checked', selected)}>
      <label for="duration-${index}">${label}</label>
    </div>`,
  );
  return html`
  <fieldset aria-describedby="about-duration"><legend>${messages.legend(app.name)}</legend>
    <p class="hint" id="about-duration">${whereToStop}</p>
    ${choices}
  </fieldset>`;
}

/** Renders how long access lasts, if the person can't choose the duration. */
export function termNote({ term, app }: ConsentPage, language: Language): Html {
  const { term: messages, offline } = getMessages(language).consent;
  const text =
    term.kind === 'rolling' ? offline.hint(app.name, term.days) : messages.only(app.name, messages.lengths[term.kind]);
  return html`<p class="hint below">${text}</p>`;
}

/** Renders the checkbox for offline access. `undefined` if offline access isn't offered. */
export function offlineChoice({ offline, term, app }: ConsentPage, language: Language): Html | undefined {
  if (offline === undefined) return undefined;
  const { offline: messages, term: terms } = getMessages(language).consent;
  const otherwise =
    term.kind === 'rolling' ? messages.otherwise(term.days) : terms.unchecked(app.name, terms.lengths[term.kind]);
  return html`
  <fieldset><legend>${messages.legend}</legend>
    <div class="tick">
      <input type="checkbox" id="offline" name="offline" value="yes" aria-describedby="about-offline" ${attribute('checked', offline.ticked)}>
      <label for="offline">${messages.label}</label>
      <p id="about-offline">${messages.hint(app.name, offline.days)} ${otherwise}</p>
    </div>
  </fieldset>`;
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
    <div class="tick">
      <input type="checkbox" id="earlier" name="earlier" value="yes" aria-describedby="about-earlier">
      <label for="earlier">${messages.label}</label>
      <p id="about-earlier">${messages.hint(app.name)}</p>
    </div>
  </fieldset>`;
}
