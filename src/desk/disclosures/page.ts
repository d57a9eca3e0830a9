import { html } from 'ghtml';
import { errorSummary, type FieldFault, titleWith } from '../../pages/index.ts';
import { birthDateOf, type Frame, minuteOf } from '../../words/index.ts';
import { deskPage, deskPath } from '../frame.ts';
import type { AtDesk } from '../roles.ts';
import { visitorNote } from '../seen-from.ts';
import type { Asked, AskedFields } from './asked.ts';
import { inWords } from './kinds.ts';
import type { ChoosableApp, ReadPatient, ReadPatients } from './store.ts';

/** Number of patients on a page. */
export const ON_A_PAGE = 50;

export interface DisclosuresPage extends AtDesk {
  readonly csrf: string;
  readonly apps: readonly ChoosableApp[];
  readonly fields: AskedFields;
  readonly faults: readonly FieldFault[];
  /** IANA time zone. */
  readonly timeZone: string;
  /** Stored resource types by their names in other FHIR versions. */
  readonly aliases: Readonly<Record<string, string>>;
  /** undefined before the form was submitted. */
  readonly found: { readonly asked: Asked; readonly answer: ReadPatients } | undefined;
}

export function disclosuresPage(pageContext: Frame, page: DisclosuresPage): string {
  const { job, faults: errors } = page;
  const currentPath = deskPath(job.practiceId, 'disclosures');
  const title = 'Who read what';
  const body = html`
!${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<p class="lead">Choose an app and two times, and see whose data it read. It is kept that you asked.</p>
!${visitorNote(page.session)}
!${form(page, currentPath)}
!${page.found === undefined ? '' : answer(page, page.found, currentPath)}`;
  return deskPage(pageContext, {
    ...page,
    title: titleWith(pageContext, errors, title),
    body,
    here: currentPath,
    wide: true,
  });
}

const wrong = (name: string, errors: readonly FieldFault[]): string => {
  const error = errors.find(({ field }) => field === name);
  return error === undefined ? '' : html`<p class="wrong" id="fault-${name}"><b>Error:</b> ${error.message}</p>`;
};

const invalid = (name: string, errors: readonly FieldFault[], hint = ''): string => {
  const isWrong = errors.some(({ field }) => field === name);
  const ids = [...(hint === '' ? [] : [hint]), ...(isWrong ? [`fault-${name}`] : [])].join(' ');
  return `${ids === '' ? '' : html`aria-describedby="${ids}"`} ${isWrong ? 'aria-invalid="true"' : ''}`;
};

function form({ apps, fields, faults: errors, timeZone }: DisclosuresPage, currentPath: string): string {
  const option = ({ clientId, name }: ChoosableApp): string =>
    html`<option value="${clientId}" !${clientId === fields.app ? 'selected' : ''}>${name}</option>`;
  const time = (name: 'from' | 'to', label: string): string => html`
  <label for="${name}">${label}</label>!${wrong(name, errors)}
  <input id="${name}" name="${name}" type="datetime-local" value="${fields[name]}" !${invalid(name, errors, 'about-times')}>`;
  return html`
<form method="get" action="${currentPath}">
  <label for="app">App</label>!${wrong('app', errors)}
  <select id="app" name="app" !${invalid('app', errors)}><option value="">Choose an app</option>!${apps.map(option).join('')}</select>
  !${time('from', 'From')}
  !${time('to', 'Through')}
  <p class="hint" id="about-times">On the practice’s clocks (${timeZone.replaceAll('_', ' ')}), at most one year apart.</p>
  <button>Show</button>
</form>`;
}

type Found = NonNullable<DisclosuresPage['found']>;

function answer(page: DisclosuresPage, { asked, answer: { patients, total } }: Found, currentPath: string): string {
  const name = page.apps.find(({ clientId }) => clientId === asked.clientId)?.name ?? asked.clientId;
  if (total === 0) return html`<h2 id="answer">${name} read nothing of your patients in that time</h2>`;
  const query = new URLSearchParams({ ...page.fields });
  const pages = Math.ceil(total / ON_A_PAGE);
  return html`
<h2 id="answer">${name} read data of ${total === 1 ? '1 patient' : `${total.toLocaleString('en-US')} patients`}</h2>
<p><a href="${currentPath}/csv?${query}" download>Download all as CSV</a></p>
<table class="stack" aria-labelledby="answer">
  <thead><tr><th scope="col">Patient</th><th scope="col">What</th><th scope="col">First</th><th scope="col">Last</th></tr></thead>
  <tbody>!${patients.map((patient) => row(patient, page)).join('')}</tbody>
</table>
!${pages > 1 ? otherPages(asked.page, pages, (number) => `${currentPath}?${query}&page=${number}`) : ''}`;
}

const row = (
  { name, birthDate, types, first, last }: ReadPatient,
  { timeZone, aliases }: Pick<DisclosuresPage, 'timeZone' | 'aliases'>,
): string => html`
    <tr><th scope="row">${name}!${birthDate === undefined ? '' : html`<br><span class="quiet-cell">born ${birthDateOf('en', birthDate)}</span>`}</th>
      <td data-name="What">${inWords(types, aliases)
        .map(([label, entries]) => `${label} ${entries}`)
        .join(', ')}</td>
      <td data-name="First">${minuteOf('en', first, timeZone)}</td><td data-name="Last">${minuteOf('en', last, timeZone)}</td></tr>`;

function otherPages(currentPage: number, pages: number, pagePath: (page: number) => string): string {
  const links = [
    ...(currentPage > 1 ? [html`<a href="${pagePath(currentPage - 1)}" rel="prev">Previous page</a>`] : []),
    html`Page ${currentPage} of ${pages}`,
    ...(currentPage < pages ? [html`<a href="${pagePath(currentPage + 1)}" rel="next">Next page</a>`] : []),
  ];
  return html`<nav aria-label="Pages"><p>!${links.join(' · ')}</p></nav>`;
}
