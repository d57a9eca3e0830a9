import {
  ENROLLMENT_STATUSES,
  type EnrollmentStatus,
  MAX_MATCHES,
  type PatientListOrder,
  type PatientListResult,
} from '../../../enrollment/index.ts';
import { formatNumber, getMessages, type Messages, type PageContext } from '../../../i18n/index.ts';
import { attribute, type Html, html } from '../../../kernel/index.ts';
import { hasRole, type StaffContext } from '../../roles.ts';
import { practicePath, renderStaffPage } from '../../staff-page.ts';
import { ENROLLMENT_ROLES } from '../actions/patient-action.ts';
import { renderPatientTable } from './patient-table.ts';

export interface PatientListPage extends StaffContext {
  readonly csrf: string;
  readonly searchText: string;
  readonly status: EnrollmentStatus | undefined;
  readonly order: PatientListOrder;
  readonly isFirstPage: boolean;
  readonly result: PatientListResult;
}

/** Renders the list of a practice's patients with their enrollment status. */
export function renderPatientList(page: PatientListPage, pageContext: PageContext): Html {
  const { job, session, csrf } = page;
  const messages = listMessages(pageContext);
  const listPath = practicePath(job.practiceId, 'patients');
  const bulk = hasRole(job, ...ENROLLMENT_ROLES)
    ? html`<p><a class="button secondary" href="${listPath}/bulk">${messages.inviteMany}</a></p>`
    : '';
  const body = html`
<div class="heading"><div><h1>${messages.title}</h1><p class="subtitle">${job.practiceName}</p></div>${bulk}</div>
${renderSearch(page, messages, listPath)}
${renderStatusFilters(page, pageContext, listPath)}
${page.result.isBehind && html`<div class="note" role="status"><p>${messages.behind}</p></div>`}
${renderResults(page, pageContext, listPath)}`;
  return renderStaffPage(pageContext, {
    title: messages.title,
    body,
    currentPath: listPath,
    hasSearch: true,
    csrf,
    session,
    job,
  });
}

const listMessages = ({ language }: PageContext): Messages['practicePortal']['patientList'] =>
  getMessages(language).practicePortal.patientList;

type ListQuery = Partial<Pick<PatientListPage, 'searchText' | 'status' | 'order'>> & { readonly after?: string };

/** Returns the path of the list with these parameters. Parameters with their initial value are left out. */
function listLink(listPath: string, { searchText = '', status, order, after = '' }: ListQuery): string {
  const parameters = Object.entries({
    words: searchText,
    status: status ?? '',
    sort: order === undefined ? '' : sortParameter(order),
    after,
  }).filter(([, value]) => value !== '');
  return parameters.length === 0 ? listPath : `${listPath}?${new URLSearchParams(parameters)}`;
}

const sortParameter = ({ column, descending }: PatientListOrder): string =>
  column === 'name' && !descending ? '' : `${descending ? '-' : ''}${column}`;

function renderSearch(
  { searchText, status, order }: PatientListPage,
  { search }: Messages['practicePortal']['patientList'],
  listPath: string,
): Html {
  const sort = sortParameter(order);
  return html`
<form class="search-row" method="get" action="${listPath}" role="search">
  <label for="words">${search.label}</label>
  <p class="hint" id="about-words">${search.hint}</p>
  <input id="words" name="words" type="search" value="${searchText}" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="200" aria-describedby="about-words" data-search>
  ${status === undefined ? '' : html`<input type="hidden" name="status" value="${status}">`}${sort === '' ? '' : html`<input type="hidden" name="sort" value="${sort}">`}
  <button>${search.button}</button>
</form>`;
}

/**
 * Renders a link for each enrollment status with its number of patients. The status that the list is limited to is
 * marked as current.
 */
function renderStatusFilters(page: PatientListPage, pageContext: PageContext, listPath: string): Html {
  const { searchText, status, order, result } = page;
  const messages = listMessages(pageContext);
  const items = [undefined, ...ENROLLMENT_STATUSES].map((one) => {
    const text = one === undefined ? messages.all : messages.statuses[one];
    const count = formatCount(pageContext, result, one);
    const path = listLink(listPath, { searchText, status: one, order });
    return html`<li><a href="${path}" ${attribute('aria-current', one === status && 'true')}>${text} <span class="count">${count}</span></a></li>`;
  });
  return html`
<nav class="pills" aria-label="${messages.filters}"><ul>${items}</ul></nav>`;
}

/** Returns the number with a plus sign if the counts have only some of the patients. */
function formatCount(
  { language }: PageContext,
  result: PatientListResult,
  status: EnrollmentStatus | undefined,
): string {
  const number = countWith(result, status);
  if (result.isPartial) return `${formatNumber(language, Math.min(number, MAX_MATCHES))}+`;
  return formatNumber(language, number);
}

/** Returns the number of matching patients with the status, or of all matching patients. */
const countWith = ({ counts }: PatientListResult, status: EnrollmentStatus | undefined): number =>
  status === undefined ? ENROLLMENT_STATUSES.reduce((sum, one) => sum + counts[one], 0) : counts[status];

function renderResults(page: PatientListPage, pageContext: PageContext, listPath: string): Html {
  const { result, searchText, status, order, isFirstPage } = page;
  const messages = listMessages(pageContext);
  const last = result.patients.at(-1);
  if (last === undefined) return renderEmptyList(page, messages, listPath);
  const next = result.hasMore
    ? html`<li><a class="button secondary" rel="next" href="${listLink(listPath, { searchText, status, order, after: last.patientId })}">${messages.nextPage}</a></li>`
    : '';
  const start = isFirstPage
    ? ''
    : html`<li><a class="button secondary" href="${listLink(listPath, { searchText, status, order })}">${messages.firstPage}</a></li>`;
  const table = renderPatientTable(pageContext, {
    patients: result.patients,
    caption: result.isPartial
      ? messages.partialCaption(MAX_MATCHES, searchText)
      : messages.caption(countWith(result, status), searchText),
    order,
    canEnroll: hasRole(page.job, ...ENROLLMENT_ROLES),
    listPath,
    sortPath: (newOrder) => listLink(listPath, { searchText, status, order: newOrder }),
  });
  return html`
${table}
${(start !== '' || next !== '') && html`<nav class="pager" aria-label="${messages.pages}"><ul class="actions">${start}${next}</ul></nav>`}`;
}

function renderEmptyList(
  { searchText, status, order, result, job, isFirstPage }: PatientListPage,
  messages: Messages['practicePortal']['patientList'],
  listPath: string,
): Html {
  const { noMore, empty, noMatch, noneWithStatus } = messages;
  const link = (text: string, query: ListQuery): Html =>
    html`<p><a href="${listLink(listPath, query)}">${text}</a></p>`;
  const box = (title: string, content: Html): Html => html`
<div class="empty-state"><h2>${title}</h2>${content}</div>`;
  const matching = countWith(result, undefined);
  if (!isFirstPage) return box(noMore.title, link(noMore.back, { searchText, status, order }));
  if (searchText === '' && matching === 0) return box(empty.title, html`<p>${empty.text(job.practiceName)}</p>`);
  if (matching === 0)
    return box(
      noMatch.title,
      html`<p>${noMatch.text(job.practiceName, searchText)}</p>${link(noMatch.showAll, { order })}`,
    );
  const statusName = status === undefined ? messages.all : messages.statuses[status];
  const text =
    searchText === '' ? noneWithStatus.text(statusName) : noneWithStatus.textOfSearch(statusName, searchText);
  return box(noneWithStatus.title, html`<p>${text}</p>${link(noneWithStatus.showAll, { searchText, order })}`);
}
