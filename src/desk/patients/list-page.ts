import { html } from 'ghtml';
import { textField } from '../../pages/index.ts';
import type { Frame } from '../../words/index.ts';
import { deskPage, deskPath } from '../frame.ts';
import { type AtDesk, hasRole } from '../roles.ts';
import type { FoundPatient, FoundPatients } from './search.ts';
import { STATUS_NAMES, STATUSES, type Status } from './status.ts';

export interface ListPage extends AtDesk {
  readonly csrf: string;
  /** As they were typed. */
  readonly words: string;
  readonly status: Status | undefined;
  /** Whether these are the first. */
  readonly first: boolean;
  readonly found: FoundPatients;
}

/** The people of a practice, and how far each has come. */
export function listPage(page: ListPage, frame: Frame): string {
  const { job, session, csrf } = page;
  const here = deskPath(job.practiceId, 'patients');
  const bulk = hasRole(job, 'front-desk', 'administrator')
    ? html`<p><a href="${here}/bulk">Invite many at once from a file</a></p>`
    : '';
  const body = html`
<h1>Patients</h1>
<p class="person">${job.practiceName}</p>
<form method="get" action="${here}" role="search">
  !${textField(
    frame,
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
!${filters(page, here)}
!${results(page, here)}
!${bulk}`;
  return deskPage(frame, { title: 'Patients', body, here, csrf, session, job, wide: true });
}

const linkTo = (here: string, query: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
  return given.length === 0 ? here : `${here}?${new URLSearchParams(given)}`;
};

/** Each status with how many are in it; the one that is shown is marked. */
function filters({ words, status, found }: ListPage, here: string): string {
  const all = STATUSES.reduce((sum, one) => sum + found.counts[one], 0);
  const items = [undefined, ...STATUSES].map((one) => {
    const text = one === undefined ? 'All' : STATUS_NAMES[one];
    const current = one === status ? 'aria-current="true"' : '';
    const path = linkTo(here, { words, status: one });
    return html`<li><a href="${path}" !${current}>${text} <span class="count">(${one === undefined ? all : found.counts[one]})</span></a></li>`;
  });
  return html`
<nav class="filters" aria-label="Status"><ul>!${items.join('')}</ul></nav>`;
}

function results(page: ListPage, here: string): string {
  const { found, words, status, first } = page;
  const last = found.patients.at(-1);
  if (last === undefined) return emptiness(page, here);
  const next = found.more
    ? html`<a rel="next" href="${linkTo(here, { words, status, after: last.patientId })}">Next page</a>`
    : '';
  const start = first ? '' : html`<a href="${linkTo(here, { words, status })}">First page</a>`;
  return html`
<h2>${headingOf(page)}</h2>
<ul class="list patients">!${found.patients.map((patient) => item(patient, here)).join('')}
</ul>
!${start === '' && next === '' ? '' : html`<nav class="pager" aria-label="Pages"><p>!${start} !${next}</p></nav>`}`;
}

const headingOf = ({ status, words }: ListPage): string =>
  `${status === undefined ? 'Patients' : STATUS_NAMES[status]}${words === '' ? '' : ' that match'}, by family name`;

const item = ({ patientId, name, birthDate, status, expired }: FoundPatient, here: string): string => html`
  <li><a href="${here}/${patientId}">${name}</a> <span>${birthDate === undefined ? 'birth date not known' : `born ${inNumbers(birthDate)}`}</span> !${statusTag(status, expired)}</li>`;

/** 07/04/1974 */
const inNumbers = (date: string): string => date.replace(/^(\d+)-(\d+)-(\d+)$/, '$2/$3/$1');

/** In words, and told apart by more than color. */
export const statusTag = (status: Status, expired: boolean): string =>
  html`<span class="tag ${status}">${STATUS_NAMES[status]}!${expired ? ', expired' : ''}</span>`;

function emptiness({ words, status, found, job, first }: ListPage, here: string): string {
  const matching = STATUSES.reduce((sum, one) => sum + found.counts[one], 0);
  if (!first)
    return html`<h2>No more patients</h2><p><a href="${linkTo(here, { words, status })}">Back to the first page</a></p>`;
  if (words === '' && matching === 0)
    return html`<h2>No patients yet</h2><p>${job.practiceName} has no patients here. They appear when its records are loaded.</p>`;
  if (matching === 0)
    return html`<h2>No patient found</h2><p>Nobody at ${job.practiceName} matches “${words}”. Check the spelling, or try the birth date alone.</p><p><a href="${here}">Show everybody</a></p>`;
  const whose = words === '' ? 'No patient' : `No patient that matches “${words}”`;
  const is = status === undefined ? 'here' : STATUS_NAMES[status].toLowerCase();
  return html`<h2>No patients</h2><p>${whose} is ${is}.</p><p><a href="${linkTo(here, { words })}">Show every status</a></p>`;
}
