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
  const { consent } = getMessages(pageContext.language);
  const title =
    page.search === undefined
      ? consent.recordChoice.heading(page.appName)
      : `Choose the patient to open in ${page.appName}`;
  const field = page.records.length === 0 ? 'words' : 'record-0';
  const errors = page.error === undefined ? [] : [{ field, message: page.error }];
  const body = html`
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
${signedInAs(pageContext, { name: page.personName, switchPath: page.switchAccountPath })}
${searchForm(page)}
${choiceForm(page, pageContext)}
${signOutForm(pageContext, page.csrf)}`;
  return layout(pageContext, { title: pageTitle(pageContext, errors, title), body });
}

const requestFields = (page: RecordChoicePage): Html =>
  html`${hiddenField('csrf', page.csrf)}${hiddenField('request', page.request)}`;

function searchForm(page: RecordChoicePage): Html {
  if (page.search === undefined) return emptyHtml;
  return html`
<form method="post" action="${page.choicePath}" role="search">${requestFields(page)}
  <label for="words">Find a patient</label>
  <p class="hint" id="about-words">Part of the name, the date of birth such as 7/4/1974, or the record number (MRN).</p>
  <input id="words" name="words" value="${page.search.words}" autocomplete="off" spellcheck="false" aria-describedby="about-words">
  <button name="find" value="yes">Find</button>
</form>`;
}

/** The radio buttons aren't `required`, because the server's error message is clearer than the browser's. */
function choiceForm(page: RecordChoicePage, { language }: PageContext): Html {
  const { records, search } = page;
  const { recordChoice, decision } = getMessages(language).consent;
  return html`
<form method="post" action="${page.choicePath}">${requestFields(page)}
  ${search === undefined ? '' : hiddenField('words', search.words)}
  ${records.length === 0 ? noPatients(page) : recordOptions(page, language)}
  <div class="choices">
    ${records.length === 0 ? '' : html`<button>${recordChoice.go}</button>`}
    <button name="decision" value="deny" class="second">${decision.deny}</button>
  </div>
</form>`;
}

function recordOptions(page: RecordChoicePage, language: Language): Html {
  const { error: fieldError, search, records } = page;
  const { common, consent } = getMessages(language);
  const legend = search === undefined ? consent.recordChoice.legend : 'Choose a patient';
  const items = records.map((record, index) =>
    recordOption(record, index, search === undefined ? language : undefined),
  );
  return html`
  <fieldset ${attribute('aria-describedby', fieldError !== undefined && 'fault')}><legend>${legend}</legend>
    ${search === undefined ? html`<p class="hint">${consent.recordChoice.hint(page.appName)}</p>` : ''}
    ${fieldError === undefined ? '' : html`<p class="wrong" id="fault"><b>${common.error}:</b> ${fieldError}</p>`}
    ${items}
  </fieldset>
  ${search !== undefined && records.length >= MAX_PATIENTS ? html`<p>There may be more patients. Add a word to narrow the search.</p>` : ''}`;
}

/** Maximum number of patients that a search finds. If the list is that long, a note says that there may be more. */
const MAX_PATIENTS = 50;

/**
 * Renders one patient to choose.
 * @param language language of a patient or representative; `undefined` for staff, who see dates in the format that they
 * also use to search
 */
function recordOption(record: PickerRecord, index: number, language: Language | undefined): Html {
  const { personName, birthDate, practiceName } = record;
  const about = language === undefined ? practiceName : `${practiceName}. ${relationshipText(record, language)}.`;
  return html`
    <div class="tick">
      <input type="radio" id="record-${index}" name="record" value="${record.key}" aria-describedby="about-record-${index}">
      <label for="record-${index}">${personName}${birthDate === null ? '' : html`, ${birthDateText(birthDate, language)}`}</label>
      <p id="about-record-${index}">${about}</p>
    </div>`;
}

const birthDateText = (date: string, language: Language | undefined): string =>
  language === undefined
    ? `born ${date}`
    : getMessages(language).consent.recordChoice.born(formatBirthDate(language, date));

const relationshipText = ({ relation }: PickerRecord, language: Language): string => {
  const { self, representative } = getMessages(language).consent.recordChoice;
  return relation === 'self' ? self : representative;
};

const noPatients = ({ search }: RecordChoicePage): Html =>
  search === undefined || search.words === ''
    ? html`<p>You don’t have any patients to open this app with.</p>`
    : html`<p>None of your patients match “${search.words}”. Check the spelling, or search by date of birth.</p>`;
