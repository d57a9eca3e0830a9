import { formatBirthDate, formatNumber, getMessages, type Messages, type PageContext } from '../../../i18n/index.ts';
import { attribute, type Html, html } from '../../../kernel/index.ts';
import { textField } from '../../../web-pages/index.ts';
import { hasRole, type StaffContext } from '../../roles.ts';
import { practicePath, renderStaffPage } from '../../staff-page.ts';
import { ENROLLMENT_STATUSES, type EnrollmentStatus } from '../enrollment-status.ts';
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
  const messages = listMessages(pageContext);
  const listPath = practicePath(job.practiceId, 'patients');
  const bulk = hasRole(job, 'front-desk', 'administrator')
    ? html`<p><a href="${listPath}/bulk">${messages.inviteMany}</a></p>`
    : '';
  const body = html`
<h1>${messages.title}</h1>
<p class="person">${job.practiceName}</p>
<form method="get" action="${listPath}" role="search">
  ${textField(
    pageContext,
    {
      name: 'words',
      label: messages.search.label,
      hint: messages.search.hint,
      value: page.searchText,
      type: 'search',
      autocomplete: 'off',
      maxlength: 200,
    },
    [],
  )}
  ${page.status === undefined ? '' : html`<input type="hidden" name="status" value="${page.status}">`}
  <button>${messages.search.button}</button>
</form>
${renderStatusFilters(page, pageContext, listPath)}
${renderResults(page, pageContext, listPath)}
${bulk}`;
  return renderStaffPage(pageContext, {
    title: messages.title,
    body,
    currentPath: listPath,
    csrf,
    session,
    job,
  });
}

const listMessages = ({ language }: PageContext): Messages['practicePortal']['patientList'] =>
  getMessages(language).practicePortal.patientList;

const listLink = (listPath: string, query: Readonly<Record<string, string | undefined>>): string => {
  const parameters = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
  return parameters.length === 0 ? listPath : `${listPath}?${new URLSearchParams(parameters)}`;
};

/**
 * Renders a link for each enrollment status with its number of patients. The status that the list is limited to is
 * marked as current.
 */
function renderStatusFilters(
  { searchText, status, result }: PatientListPage,
  pageContext: PageContext,
  listPath: string,
): Html {
  const messages = listMessages(pageContext);
  const all = ENROLLMENT_STATUSES.reduce((sum, one) => sum + result.counts[one], 0);
  const items = [undefined, ...ENROLLMENT_STATUSES].map((one) => {
    const text = one === undefined ? messages.all : messages.statuses[one];
    const count = formatNumber(pageContext.language, one === undefined ? all : result.counts[one]);
    const path = listLink(listPath, { words: searchText, status: one });
    return html`<li><a href="${path}" ${attribute('aria-current', one === status && 'true')}>${text} <span class="count">(${count})</span></a></li>`;
  });
  return html`
<nav class="filters" aria-label="${messages.filters}"><ul>${items}</ul></nav>`;
}

function renderResults(page: PatientListPage, pageContext: PageContext, listPath: string): Html {
  const { result, searchText, status, isFirstPage } = page;
  const messages = listMessages(pageContext);
  const last = result.patients.at(-1);
  if (last === undefined) return renderEmptyList(page, messages, listPath);
  const next = result.hasMore
    ? html`<a rel="next" href="${listLink(listPath, { words: searchText, status, after: last.patientId })}">${messages.nextPage}</a>`
    : undefined;
  const start = isFirstPage
    ? undefined
    : html`<a href="${listLink(listPath, { words: searchText, status })}">${messages.firstPage}</a>`;
  return html`
<h2>${messages.heading(status === undefined ? messages.title : messages.statuses[status], searchText !== '')}</h2>
<ul class="list patients">${result.patients.map((patient) => renderListItem(patient, pageContext, listPath))}
</ul>
${(start !== undefined || next !== undefined) && html`<nav class="pager" aria-label="${messages.pages}"><p>${start} ${next}</p></nav>`}`;
}

function renderListItem(
  { patientId, name, birthDate, status, expired }: PatientListItem,
  pageContext: PageContext,
  listPath: string,
): Html {
  const { language } = pageContext;
  const { patientList: messages, shared } = getMessages(language).practicePortal;
  const born = birthDate === undefined ? messages.birthDateUnknown : shared.born(formatBirthDate(language, birthDate));
  return html`
  <li><a href="${listPath}/${patientId}">${name}</a> <span>${born}</span> ${statusTag(pageContext, status, expired)}</li>`;
}

/**
 * Renders the enrollment status as text, so that color is never the only cue.
 * @param expired whether the status is `invited`, but the invitation is no longer valid
 */
export function statusTag(pageContext: PageContext, status: EnrollmentStatus, expired: boolean): Html {
  const messages = listMessages(pageContext);
  return html`<span class="tag ${status}">${expired ? messages.invitationExpired : messages.statuses[status]}</span>`;
}

function renderEmptyList(
  { searchText, status, result, job, isFirstPage }: PatientListPage,
  messages: Messages['practicePortal']['patientList'],
  listPath: string,
): Html {
  const { noMore, empty, noMatch, noneWithStatus } = messages;
  const matching = ENROLLMENT_STATUSES.reduce((sum, one) => sum + result.counts[one], 0);
  if (!isFirstPage)
    return html`<h2>${noMore.title}</h2><p><a href="${listLink(listPath, { words: searchText, status })}">${noMore.back}</a></p>`;
  if (searchText === '' && matching === 0) return html`<h2>${empty.title}</h2><p>${empty.text(job.practiceName)}</p>`;
  if (matching === 0)
    return html`<h2>${noMatch.title}</h2><p>${noMatch.text(job.practiceName, searchText)}</p><p><a href="${listPath}">${noMatch.showAll}</a></p>`;
  const statusName = status === undefined ? messages.all : messages.statuses[status];
  const text =
    searchText === '' ? noneWithStatus.text(statusName) : noneWithStatus.textOfSearch(statusName, searchText);
  return html`<h2>${noneWithStatus.title}</h2><p>${text}</p><p><a href="${listLink(listPath, { words: searchText })}">${noneWithStatus.showAll}</a></p>`;
}
