import { englishCounts, formatBirthDate, formatLongDateTime, type PageContext } from '../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html, joinHtml } from '../../kernel/index.ts';
import { errorSummary, type FormFieldError, pageTitle } from '../../web-pages/index.ts';
import type { StaffContext } from '../roles.ts';
import { renderSharedAccountNote } from '../shared-account-visibility.ts';
import { practicePath, renderStaffPage } from '../staff-page.ts';
import { countByCategory } from './category-counts.ts';
import type { DisclosureFields, DisclosureQuery } from './parse-query.ts';
import type { DisclosedPatient, DisclosedPatients, DisclosureApp } from './store.ts';

/** Number of patients on one page of the report. */
export const PAGE_SIZE = 50;

export interface DisclosuresPage extends StaffContext {
  readonly csrf: string;
  readonly apps: readonly DisclosureApp[];
  readonly fields: DisclosureFields;
  readonly errors: readonly FormFieldError[];
  /** IANA time zone of the practice, in which times are entered and shown. */
  readonly timeZone: string;
  /** Maps names of resource types in other FHIR versions to their R4 names. */
  readonly aliases: Readonly<Record<string, string>>;
  /** The submitted query and its result. undefined before the form was submitted. */
  readonly result: { readonly submittedQuery: DisclosureQuery; readonly answer: DisclosedPatients } | undefined;
}

export function renderDisclosuresPage(pageContext: PageContext, page: DisclosuresPage): Html {
  const { job, errors } = page;
  const currentPath = practicePath(job.practiceId, 'disclosures');
  const title = 'Data access report';
  const body = html`
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<p class="lead">Choose an app and a period to see whose data the app read. Your search is recorded in the audit log.</p>
${renderSharedAccountNote(page.session)}
${renderForm(page, currentPath)}
${page.result === undefined ? '' : renderResult(page, page.result, currentPath)}`;
  return renderStaffPage(pageContext, {
    ...page,
    title: pageTitle(pageContext, errors, title),
    body,
    currentPath,
    wide: true,
  });
}

const renderFieldError = (name: string, errors: readonly FormFieldError[]): Html => {
  const error = errors.find(({ field }) => field === name);
  return error === undefined ? emptyHtml : html`<p class="wrong" id="fault-${name}"><b>Error:</b> ${error.message}</p>`;
};

const errorAttributes = (name: string, errors: readonly FormFieldError[], hint = ''): Html => {
  const isWrong = errors.some(({ field }) => field === name);
  const ids = [...(hint === '' ? [] : [hint]), ...(isWrong ? [`fault-${name}`] : [])].join(' ');
  return html`${attribute('aria-describedby', ids !== '' && ids)} ${attribute('aria-invalid', isWrong && 'true')}`;
};

function renderForm({ apps, fields, errors, timeZone }: DisclosuresPage, currentPath: string): Html {
  const option = ({ clientId, name }: DisclosureApp): Html =>
    html`<option value="${clientId}" ${attribute('selected', clientId === fields.app)}>${name}</option>`;
  const time = (name: 'from' | 'to', label: string): Html => html`
  <label for="${name}">${label}</label>${renderFieldError(name, errors)}
  <input id="${name}" name="${name}" type="datetime-local" value="${fields[name]}" ${errorAttributes(name, errors, 'about-times')}>`;
  return html`
<form method="get" action="${currentPath}">
  <label for="app">App</label>${renderFieldError('app', errors)}
  <select id="app" name="app" ${errorAttributes('app', errors)}><option value="">Choose an app</option>${apps.map(option)}</select>
  ${time('from', 'From')}
  ${time('to', 'Through')}
  <p class="hint" id="about-times">In the practice’s time zone (${timeZone.replaceAll('_', ' ')}), at most one year apart.</p>
  <button>Show report</button>
</form>`;
}

type DisclosureResult = NonNullable<DisclosuresPage['result']>;

function renderResult(
  page: DisclosuresPage,
  { submittedQuery, answer: { patients, total } }: DisclosureResult,
  currentPath: string,
): Html {
  const name = page.apps.find(({ clientId }) => clientId === submittedQuery.clientId)?.name ?? submittedQuery.clientId;
  if (total === 0) return html`<h2 id="answer">${name} read no data of your patients in this period</h2>`;
  const query = new URLSearchParams({ ...page.fields });
  const pages = Math.ceil(total / PAGE_SIZE);
  return html`
<h2 id="answer">${name} read data of ${englishCounts.patients(total)}</h2>
<p><a href="${currentPath}/csv?${query}" download>Download all as CSV</a></p>
<table class="stack" aria-labelledby="answer">
  <thead><tr><th scope="col">Patient</th><th scope="col">Data</th><th scope="col">First read</th><th scope="col">Last read</th></tr></thead>
  <tbody>${patients.map((patient) => renderRow(patient, page))}</tbody>
</table>
${pages > 1 ? renderPager(submittedQuery.page, pages, (number) => `${currentPath}?${query}&page=${number}`) : ''}`;
}

const renderRow = (
  { name, birthDate, types, firstReadAt, lastReadAt }: DisclosedPatient,
  { timeZone, aliases }: Pick<DisclosuresPage, 'timeZone' | 'aliases'>,
): Html => html`
    <tr><th scope="row">${name}${birthDate === undefined ? '' : html`<br><span class="quiet-cell">born ${formatBirthDate('en', birthDate)}</span>`}</th>
      <td data-name="Data">${countByCategory(types, aliases)
        .map(([label, entries]) => `${label} ${entries}`)
        .join(', ')}</td>
      <td data-name="First read">${formatLongDateTime('en', firstReadAt, timeZone)}</td><td data-name="Last read">${formatLongDateTime('en', lastReadAt, timeZone)}</td></tr>`;

function renderPager(currentPage: number, pages: number, pagePath: (page: number) => string): Html {
  const links = [
    ...(currentPage > 1 ? [html`<a href="${pagePath(currentPage - 1)}" rel="prev">Previous page</a>`] : []),
    html`Page ${currentPage} of ${pages}`,
    ...(currentPage < pages ? [html`<a href="${pagePath(currentPage + 1)}" rel="next">Next page</a>`] : []),
  ];
  return html`<nav aria-label="Pages"><p>${joinHtml(links, ' · ')}</p></nav>`;
}
