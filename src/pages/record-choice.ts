import { html } from 'ghtml';
import type { RecordChoicePage } from '../oauth/index.ts';
import { layout } from './layout.ts';

type Choice = RecordChoicePage['records'][number];

/** An account with several records chooses one; a member of staff looks for a patient first. */
export function recordChoicePage(page: RecordChoicePage): string {
  const title =
    page.search === undefined
      ? `Whose record do you want to share with ${page.appName}?`
      : `Which patient do you want to open ${page.appName} with?`;
  const body = html`
!${page.fault === undefined ? '' : faultBox(page, page.fault)}
<h1>${title}</h1>
<p class="person">You are signed in as <b>${page.personName}</b>. <a href="${page.switchAccountPath}">Not you?</a></p>
!${searchForm(page)}
!${choiceForm(page)}
<form method="post" action="/sign-out"><input type="hidden" name="csrf" value="${page.csrf}"><button class="plain">Sign out</button></form>`;
  return layout({ title: page.fault === undefined ? title : `Error: ${title}`, body });
}

/** Announced when the page loads, and leads to the field to mend. */
const faultBox = ({ records }: RecordChoicePage, fault: string): string => html`
<div class="fault" role="alert"><h2>There is a problem</h2><p><a href="#${records.length === 0 ? 'words' : 'record-0'}">${fault}</a></p></div>`;

const carried = (page: RecordChoicePage): string => html`
  <input type="hidden" name="csrf" value="${page.csrf}">
  <input type="hidden" name="request" value="${page.request}">`;

function searchForm(page: RecordChoicePage): string {
  if (page.search === undefined) return '';
  return html`
<form method="post" action="${page.choicePath}" role="search">!${carried(page)}
  <label for="words">Find a patient</label>
  <p class="hint" id="about-words">Part of the name, or the date of birth such as 1974-07-07.</p>
  <input id="words" name="words" value="${page.search.words}" autocomplete="off" spellcheck="false" aria-describedby="about-words">
  <button name="find" value="yes">Find</button>
</form>`;
}

/** Not `required`: the server answers with an error that leads here, which reads better than a browser's own. */
function choiceForm(page: RecordChoicePage): string {
  const { records, search, fault } = page;
  return html`
<form method="post" action="${page.choicePath}">!${carried(page)}
  !${search === undefined ? '' : html`<input type="hidden" name="words" value="${search.words}">`}
  !${records.length === 0 ? noRecord(page) : choices(page, fault)}
  <div class="choices">
    !${records.length === 0 ? '' : html`<button>Continue</button>`}
    <button name="decision" value="deny" class="second">Deny</button>
  </div>
</form>`;
}

const choices = (page: RecordChoicePage, fault: string | undefined): string => html`
  <fieldset !${fault === undefined ? '' : 'aria-describedby="fault"'}><legend>${page.search === undefined ? 'Choose one record' : 'Choose a patient'}</legend>
    !${fault === undefined ? hint(page) : html`<p class="wrong" id="fault"><b>Error:</b> ${fault}</p>`}
    !${page.records.map((record, index) => choice(record, index, page.search !== undefined)).join('')}
  </fieldset>
  !${page.search !== undefined && page.records.length >= MOST ? html`<p>There may be more. Add a word above to find them.</p>` : ''}`;

/** As many patients as are shown. */
const MOST = 50;

const hint = ({ search, appName }: RecordChoicePage): string =>
  search === undefined
    ? html`<p class="hint">On the next page you choose what ${appName} may see of it. Nothing is shared before that.</p>`
    : '';

const choice = (record: Choice, index: number, staff: boolean): string => html`
    <div class="tick">
      <input type="radio" id="record-${index}" name="record" value="${record.key}" aria-describedby="about-record-${index}">
      <label for="record-${index}">${record.personName}!${staff ? born(record) : ''}</label>
      <p id="about-record-${index}">${record.practiceName}!${staff ? '' : html`. ${RELATION[record.relation]}`}</p>
    </div>`;

const born = ({ birthDate }: Choice): string =>
  birthDate === null ? '' : html`, born <span class="date">${birthDate}</span>`;

const RELATION: Readonly<Record<Choice['relation'], string>> = {
  self: 'Your own record.',
  representative: 'You act for this person.',
  staff: '',
};

const noRecord = ({ search }: RecordChoicePage): string =>
  search === undefined || search.words === ''
    ? html`<p>There is no patient here to open it with.</p>`
    : html`<p>No patient of yours matches “${search.words}”. Check the spelling, or look for the date of birth.</p>`;
