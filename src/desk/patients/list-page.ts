import { html } from 'ghtml';
import { textField } from '../../pages/index.ts';
import type { Frame } from '../../words/index.ts';
import { deskPage, deskPath } from '../frame.ts';
import { type AtDesk, hasRole } from '../roles.ts';
import type { FoundPatient, FoundPatients } from './search.ts';
import { STATUS_NAMES, STATUSES, type Status } from './status.ts';

export interface ListPage extends AtDesk {
  readonly csrf: string;
  /** Search text as typed. */
  readonly words: string;
  readonly status: Status | undefined;
  readonly first: boolean;
  readonly found: FoundPatients;
}

/** Patients of the practice with their enrollment status. */
export function listPage(page: ListPage, pageContext: Frame): string {
  const { job, session, csrf } = page;
  const listPath = deskPath(job.practiceId, 'patients');
  const bulk = hasRole(job, 'front-desk', 'administrator')
    ? html`<p><a href="${listPath}/bulk">Invite many at once from a file</a></p>`
    : '';
  const body = html`
<h1>Patients</h1>
<p class="person">${job.practiceName}</p>
<form method="get" action="${listPath}" role="search">
  !${textField(
    pageContext,
    {
      name: 'words',
      label: 'Find a patient',
      hint: 'Name, birth date such as 7/4/1974, or MRN. More than one narrows it down.',
      value: page.words,
      type: 'search',
      autocomplete: 'off',
      maxlength: 200,
    },
    [],
  )}
  !${page.status === undefined ? '' : html`<input type="hidden" name="status" value="${page.status}">`}
  <button>Find</button>
</form>
!${filters(page, listPath)}
!${results(page, listPath)}
!${bulk}`;
  return deskPage(pageContext, { title: 'Patients', body, here: listPath, csrf, session, job, wide: true });
}

const linkTo = (listPath: string, query: Readonly<Record<string, string | undefined>>): string => {
  const parameters = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
  return parameters.length === 0 ? listPath : `${listPath}?${new URLSearchParams(parameters)}`;
};

/** Links to each status with its number of patients. The displayed status is marked. */
function filters({ words: searchText, status, found: result }: ListPage, listPath: string): string {
  const all = STATUSES.reduce((sum, one) => sum + result.counts[one], 0);
  const items = [undefined, ...STATUSES].map((one) => {
    const text = one === undefined ? 'All' : STATUS_NAMES[one];
    const current = one === status ? 'aria-current="true"' : '';
    const path = linkTo(listPath, { words: searchText, status: one });
    return html`<li><a href="${path}" !${current}>${text} <span class="count">(${one === undefined ? all : result.counts[one]})</span></a></li>`;
  });
  return html`
<nav class="filters" aria-label="Status"><ul>!${items.join('')}</ul></nav>`;
}

function results(page: ListPage, listPath: string): string {
  const { found: result, words: searchText, status, first: isFirstPage } = page;
  const last = result.patients.at(-1);
  if (last === undefined) return emptiness(page, listPath);
  const next = result.more
    ? html`<a rel="next" href="${linkTo(listPath, { words: searchText, status, after: last.patientId })}">Next page</a>`
    : '';
  const start = isFirstPage ? '' : html`<a href="${linkTo(listPath, { words: searchText, status })}">First page</a>`;
  return html`
<h2>${headingOf(page)}</h2>
<ul class="list patients">!${result.patients.map((patient) => item(patient, listPath)).join('')}
</ul>
!${start === '' && next === '' ? '' : html`<nav class="pager" aria-label="Pages"><p>!${start} !${next}</p></nav>`}`;
}

const headingOf = ({ status, words: searchText }: ListPage): string =>
  `${status === undefined ? 'Patients' : STATUS_NAMES[status]}${searchText === '' ? '' : ' that match'}, by family name`;

const item = ({ patientId, name, birthDate, status, expired }: FoundPatient, listPath: string): string => html`
  <li><a href="${listPath}/${patientId}">${name}</a> <span>${birthDate === undefined ? 'birth date not known' : `born ${inNumbers(birthDate)}`}</span> !${statusTag(status, expired)}</li>`;

/** Formats an ISO 8601 date as 07/04/1974. */
const inNumbers = (date: string): string => date.replace(/^(\d+)-(\d+)-(\d+)$/, '$2/$3/$1');

/** The status is shown as text, never by color alone. */
export const statusTag = (status: Status, expired: boolean): string =>
  html`<span class="tag ${status}">${STATUS_NAMES[status]}!${expired ? ', expired' : ''}</span>`;

function emptiness(
  { words: searchText, status, found: result, job, first: isFirstPage }: ListPage,
  listPath: string,
): string {
  const matching = STATUSES.reduce((sum, one) => sum + result.counts[one], 0);
  if (!isFirstPage)
    return html`<h2>No more patients</h2><p><a href="${linkTo(listPath, { words: searchText, status })}">Back to the first page</a></p>`;
  if (searchText === '' && matching === 0)
    return html`<h2>No patients yet</h2><p>${job.practiceName} has no patients here. They appear when its records are loaded.</p>`;
  if (matching === 0)
    return html`<h2>No patient found</h2><p>Nobody at ${job.practiceName} matches “${searchText}”. Check the spelling, or try the birth date alone.</p><p><a href="${listPath}">Show everybody</a></p>`;
  const subject = searchText === '' ? 'No patient' : `No patient that matches “${searchText}”`;
  const statusText = status === undefined ? 'here' : STATUS_NAMES[status].toLowerCase();
  return html`<h2>No patients</h2><p>${subject} is ${statusText}.</p><p><a href="${linkTo(listPath, { words: searchText })}">Show every status</a></p>`;
}
