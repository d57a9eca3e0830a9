import { formatBirthDate, getMessages, type Language, type PageContext } from '../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../kernel/index.ts';
import type { RecordChoicePage } from '../oauth/index.ts';
import { errorSummary, hiddenField, pageTitle, signedInAs, signOutForm } from './forms.ts';
import { layout } from './layout.ts';

type PickerRecord = RecordChoicePage['records'][number];

/**
 * Renders the patient picker: a patient or representative with several records chooses one, and staff search for a
 * patient first.
 */
export function patientPickerPage(page: RecordChoicePage, pageContext: PageContext): Html {
  const { consent, practicePortal } = getMessages(pageContext.language);
  const title =
    page.search === undefined
      ? consent.recordChoice.heading(page.appName)
      : practicePortal.staffConsent.search.title(page.appName);
  const field = page.records.length === 0 ? 'words' : 'record-0';
  const errors = page.error === undefined ? [] : [{ field, message: page.error }];
  const body = html`
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
${signedInAs(pageContext, { name: page.personName, switchPath: page.switchAccountPath })}
${searchForm(page, pageContext)}
${choiceForm(page, pageContext)}
${signOutForm(pageContext, page.csrf)}`;
  return layout(pageContext, { title: pageTitle(pageContext, errors, title), body });
}

const requestFields = (page: RecordChoicePage): Html =>
  html`${hiddenField('csrf', page.csrf)}${hiddenField('request', page.request)}`;

function searchForm(page: RecordChoicePage, { language }: PageContext): Html {
  if (page.search === undefined) return emptyHtml;
  const { field, hint, button } = getMessages(language).practicePortal.staffConsent.search;
  return html`
<form method="post" action="${page.choicePath}" role="search">${requestFields(page)}
  <label for="words">${field}</label>
  <p class="hint" id="about-words">${hint}</p>
  <input id="words" name="words" value="${page.search.words}" autocomplete="off" spellcheck="false" aria-describedby="about-words">
  <button name="find" value="yes">${button}</button>
</form>`;
}

/** The radio buttons aren't `required`, because the server's error message is clearer than the browser's. */
function choiceForm(page: RecordChoicePage, { language }: PageContext): Html {
  const { records, search } = page;
  const { recordChoice, decision } = getMessages(language).consent;
  return html`
<form method="post" action="${page.choicePath}">${requestFields(page)}
  ${search === undefined ? '' : hiddenField('words', search.words)}
  ${records.length === 0 ? noPatients(page, language) : recordOptions(page, language)}
  <div class="choices">
    ${records.length === 0 ? '' : html`<button>${recordChoice.go}</button>`}
    <button name="decision" value="deny" class="secondary">${decision.deny}</button>
  </div>
</form>`;
}

function recordOptions(page: RecordChoicePage, language: Language): Html {
  const { error: fieldError, search, records } = page;
  const { common, consent, practicePortal } = getMessages(language);
  const { search: messages } = practicePortal.staffConsent;
  const legend = search === undefined ? consent.recordChoice.legend : messages.legend;
  const items = records.map((record, index) => recordOption(record, index, language));
  return html`
  <fieldset ${attribute('aria-describedby', fieldError !== undefined && 'error-record')}><legend>${legend}</legend>
    ${search === undefined ? html`<p class="hint">${consent.recordChoice.hint(page.appName)}</p>` : ''}
    ${fieldError === undefined ? '' : html`<p class="field-error" id="error-record"><b>${common.error}:</b> ${fieldError}</p>`}
    ${items}
  </fieldset>
  ${search !== undefined && records.length >= MAX_PATIENTS ? html`<p>${messages.more}</p>` : ''}`;
}

/** Maximum number of patients that a search finds. If the list is that long, a note says that there may be more. */
const MAX_PATIENTS = 50;

function recordOption(record: PickerRecord, index: number, language: Language): Html {
  const { personName, birthDate, practiceName, relation } = record;
  const about = relation === 'staff' ? practiceName : `${practiceName}. ${relationshipText(record, language)}.`;
  return html`
    <div class="radio-row">
      <input type="radio" id="record-${index}" name="record" value="${record.key}" aria-describedby="about-record-${index}">
      <label for="record-${index}">${personName}${birthDate === null ? '' : html`, ${birthDateText(birthDate, language)}`}</label>
      <p id="about-record-${index}">${about}</p>
    </div>`;
}

const birthDateText = (date: string, language: Language): string =>
  getMessages(language).consent.recordChoice.born(formatBirthDate(language, date));

const relationshipText = ({ relation }: PickerRecord, language: Language): string => {
  const { self, representative } = getMessages(language).consent.recordChoice;
  return relation === 'self' ? self : representative;
};

function noPatients({ search }: RecordChoicePage, language: Language): Html {
  const { none, noMatch } = getMessages(language).practicePortal.staffConsent.search;
  return html`<p>${search === undefined || search.words === '' ? none : noMatch(search.words)}</p>`;
}
