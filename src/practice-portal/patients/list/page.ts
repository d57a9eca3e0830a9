import type { PageContext } from '../../../i18n/index.ts';
import { attribute, type Html, html } from '../../../kernel/index.ts';
import { textField } from '../../../web-pages/index.ts';
import { hasRole, type StaffContext } from '../../roles.ts';
import { practicePath, renderStaffPage } from '../../staff-page.ts';
import { ENROLLMENT_STATUSES, type EnrollmentStatus, STATUS_NAMES } from '../enrollment-status.ts';
import type { PatientListItem, PatientListResult } from './search.ts';

export interface PatientListPage extends StaffContext {
  readonly csrf: string;
  readonly searchText: string;
  readonly status: EnrollmentStatus | undefined;
  readonly isFirstPage: boolean;
  readonly result: PatientListResult;
}

/** Renders the list of a practice's patients with their enrollment status. */
export function renderPatientList(page: PatientListPage, pageContext: PageContext): Html {
  const { job, session, csrf } = page;
  const listPath = practicePath(job.practiceId, 'patients');
  const bulk = hasRole(job, 'front-desk', 'administrator')
    ? html`<p><a href="${listPath}/bulk">Invite many patients from a file</a></p>`
    : '';
  const body = html`
<h1>Patients</h1>
<p class="person">${job.practiceName}</p>
<form method="get" action="${listPath}" role="search">
  ${textField(
    pageContext,
    {
      name: 'words',
      label: 'Find a patient',
      hint: 'Name, birth date (such as 7/4/1974) or MRN. Combine them to narrow the results.',
      value: page.searchText,
      type: 'search',
      autocomplete: 'off',
      maxlength: 200,
    },
    [],
  )}
  ${page.status === undefined ? '' : html`<input type="hidden" name="status" value="${page.status}">`}
  <button>Find patients</button>
</form>
${renderStatusFilters(page, listPath)}
${renderResults(page, listPath)}
${bulk}`;
  return renderStaffPage(pageContext, {
    title: 'Patients',
    body,
    currentPath: listPath,
    csrf,
    session,
    job,
    wide: true,
  });
}

const listLink = (listPath: string, query: Readonly<Record<string, string | undefined>>): string => {
  const parameters = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
  return parameters.length === 0 ? listPath : `${listPath}?${new URLSearchParams(parameters)}`;
};

/**
 * Renders a link for each enrollment status with its number of patients. The status that the list is limited to is
 * marked as current.
 */
function renderStatusFilters({ searchText, status, result }: PatientListPage, listPath: string): Html {
  const all = ENROLLMENT_STATUSES.reduce((sum, one) => sum + result.counts[one], 0);
  const items = [undefined, ...ENROLLMENT_STATUSES].map((one) => {
    const text = one === undefined ? 'All' : STATUS_NAMES[one];
    const path = listLink(listPath, { words: searchText, status: one });
    return html`<li><a href="${path}" ${attribute('aria-current', one === status && 'true')}>${text} <span class="count">(${one === undefined ? all : result.counts[one]})</span></a></li>`;
  });
  return html`
<nav class="filters" aria-label="Status"><ul>${items}</ul></nav>`;
}

function renderResults(page: PatientListPage, listPath: string): Html {
  const { result, searchText, status, isFirstPage } = page;
  const last = result.patients.at(-1);
  if (last === undefined) return renderEmptyList(page, listPath);
  const next = result.hasMore
    ? html`<a rel="next" href="${listLink(listPath, { words: searchText, status, after: last.patientId })}">Next page</a>`
    : undefined;
  const start = isFirstPage
    ? undefined
    : html`<a href="${listLink(listPath, { words: searchText, status })}">First page</a>`;
  return html`
<h2>${listHeading(page)}</h2>
<ul class="list patients">${result.patients.map((patient) => renderListItem(patient, listPath))}
</ul>
${(start !== undefined || next !== undefined) && html`<nav class="pager" aria-label="Pages"><p>${start} ${next}</p></nav>`}`;
}

const listHeading = ({ status, searchText }: PatientListPage): string =>
  `${status === undefined ? 'Patients' : STATUS_NAMES[status]}${searchText === '' ? '' : ' that match'}, by family name`;

const renderListItem = (
  { patientId, name, birthDate, status, expired }: PatientListItem,
  listPath: string,
): Html => html`
  <li><a href="${listPath}/${patientId}">${name}</a> <span>${birthDate === undefined ? 'birth date unknown' : `born ${formatNumericDate(birthDate)}`}</span> ${statusTag(status, expired)}</li>`;

/** Formats an ISO 8601 date in US order, such as 07/04/1974. */
const formatNumericDate = (date: string): string => date.replace(/^(\d+)-(\d+)-(\d+)$/, '$2/$3/$1');

/** Renders the enrollment status as text, so that color is never the only cue. */
export const statusTag = (status: EnrollmentStatus, expired: boolean): Html =>
  html`<span class="tag ${status}">${STATUS_NAMES[status]}${expired && ', expired'}</span>`;

function renderEmptyList({ searchText, status, result, job, isFirstPage }: PatientListPage, listPath: string): Html {
  const matching = ENROLLMENT_STATUSES.reduce((sum, one) => sum + result.counts[one], 0);
  if (!isFirstPage)
    return html`<h2>No more patients</h2><p><a href="${listLink(listPath, { words: searchText, status })}">Back to the first page</a></p>`;
  if (searchText === '' && matching === 0)
    return html`<h2>No patients yet</h2><p>${job.practiceName} has no patients yet. Patients appear when the practice’s records are loaded.</p>`;
  if (matching === 0)
    return html`<h2>No patient found</h2><p>No patient at ${job.practiceName} matches “${searchText}”. Check the spelling, or search by birth date only.</p><p><a href="${listPath}">Show all patients</a></p>`;
  const subject = searchText === '' ? 'No patient' : `No patient that matches “${searchText}”`;
  const statusText = status === undefined ? 'here' : STATUS_NAMES[status].toLowerCase();
  return html`<h2>No patients</h2><p>${subject} has the status “${statusText}”.</p><p><a href="${listLink(listPath, { words: searchText })}">Show patients with any status</a></p>`;
}
