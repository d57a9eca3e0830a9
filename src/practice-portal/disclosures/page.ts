import {
  formatBirthDate,
  formatLongDateTime,
  formatNumber,
  getMessages,
  type Language,
  type PageContext,
} from '../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../../kernel/index.ts';
import { errorSummary, type FormFieldError, pageTitle } from '../../web-pages/index.ts';
import type { StaffContext } from '../roles.ts';
import { renderSharedAccountNote } from '../shared-account-visibility.ts';
import { practicePath, renderStaffPage } from '../staff-page.ts';
import { timeZoneLabel } from '../time-zones.ts';
import { countByCategory } from './category-counts.ts';
import type { DisclosureFields, DisclosureQuery } from './parse-query.ts';
import { periodDays, REPORT_PERIODS } from './periods.ts';
import { type RequestedPage, toParameters } from './position.ts';
import type { DisclosureApp, DisclosureReader, Disclosures, PatientDisclosure } from './store.ts';

/** Number of rows, each a day, a patient, an app and the person who used it, on one page of the report. */
export const PAGE_SIZE = 50;

export interface DisclosuresPage extends StaffContext {
  readonly csrf: string;
  readonly apps: readonly DisclosureApp[];
  readonly fields: DisclosureFields;
  readonly errors: readonly FormFieldError[];
  readonly now: Date;
  /** IANA time zone of the practice, in which days begin and times are shown. */
  readonly timeZone: string;
  /** Maps names of resource types in other FHIR versions to their R4 names. */
  readonly aliases: Readonly<Record<string, string>>;
  /** The query and its result. undefined if the form has errors. */
  readonly result:
    | {
        readonly submittedQuery: DisclosureQuery;
        readonly answer: Disclosures;
        readonly page: RequestedPage;
        /** The report may lack reads after this time, which are still being added. undefined if it lacks none. */
        readonly missingAfter: Date | undefined;
      }
    | undefined;
}

export function renderDisclosuresPage(pageContext: PageContext, page: DisclosuresPage): Html {
  const { job, errors } = page;
  const currentPath = practicePath(job.practiceId, 'disclosures');
  const { language } = pageContext;
  const { title, lead } = getMessages(language).practicePortal.disclosures;
  const body = html`
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<p class="lead">${lead}</p>
${renderSharedAccountNote(language, page.session)}
${renderForm(language, page, currentPath)}
${page.result === undefined ? '' : renderResult(pageContext, page, page.result, currentPath)}`;
  return renderStaffPage(pageContext, {
    ...page,
    title: pageTitle(pageContext, errors, title),
    body,
    currentPath,
  });
}

const renderFieldError = (language: Language, name: string, errors: readonly FormFieldError[]): Html => {
  const error = errors.find(({ field }) => field === name);
  return error === undefined
    ? emptyHtml
    : html`<p class="field-error" id="error-${name}"><b>${getMessages(language).common.error}:</b> ${error.message}</p>`;
};

const errorAttributes = (name: string, errors: readonly FormFieldError[], hint = ''): Html => {
  const isWrong = errors.some(({ field }) => field === name);
  const ids = [...(hint === '' ? [] : [hint]), ...(isWrong ? [`error-${name}`] : [])].join(' ');
  return html`${attribute('aria-describedby', ids !== '' && ids)} ${attribute('aria-invalid', isWrong && 'true')}`;
};

function renderForm(
  language: Language,
  { apps, fields, errors, now, timeZone }: DisclosuresPage,
  currentPath: string,
): Html {
  const messages = getMessages(language).practicePortal.disclosures;
  const option = ({ clientId, name }: DisclosureApp): Html =>
    html`<option value="${clientId}" ${attribute('selected', clientId === fields.app)}>${name}</option>`;
  const day = (name: 'from' | 'to', label: string): Html => html`
  <div><label for="${name}">${label}</label>${renderFieldError(language, name, errors)}
  <input id="${name}" name="${name}" type="date" value="${fields[name]}" ${errorAttributes(name, errors, 'about-times')}></div>`;
  const current = REPORT_PERIODS.find((period) => {
    const { from, to } = periodDays(period, now, timeZone);
    return fields.from === from && fields.to === to;
  });
  const periodButton = (period: (typeof REPORT_PERIODS)[number]): Html =>
    html`<li><button class="secondary" name="period" value="${period}" ${attribute('aria-current', period === current && 'true')}>${messages.periods[period]}</button></li>`;
  return html`
<form class="filter-row" method="get" action="${currentPath}">
  <div><label for="app">${messages.app}</label>${renderFieldError(language, 'app', errors)}
  <select id="app" name="app" ${errorAttributes('app', errors)}><option value="">${messages.allApps}</option>${apps.map(option)}</select></div>
  ${day('from', messages.from)}
  ${day('to', messages.through)}
  <button>${messages.button}</button>
  <ul class="actions" aria-label="${messages.periodsLabel}">${REPORT_PERIODS.map(periodButton)}<li><a class="button secondary" href="#from" ${attribute('aria-current', current === undefined && 'true')}>${messages.customPeriod}</a></li></ul>
  <p class="hint" id="about-times">${messages.timesHint(timeZoneLabel(language, timeZone))}</p>
</form>`;
}

type DisclosureResult = NonNullable<DisclosuresPage['result']>;

function renderResult(
  pageContext: PageContext,
  page: DisclosuresPage,
  { submittedQuery, answer: { reads, next }, page: { number, after }, missingAfter }: DisclosureResult,
  currentPath: string,
): Html {
  const { language } = pageContext;
  const messages = getMessages(language).practicePortal.disclosures;
  const { columns } = messages;
  const { clientId } = submittedQuery;
  const isAllApps = clientId === undefined;
  const hasExamples = reads.some(({ madeUp }) => madeUp);
  const hasAppColumn = isAllApps || hasExamples;
  const name = page.apps.find((app) => app.clientId === clientId)?.name ?? clientId ?? '';
  const missing =
    missingAfter &&
    html`<p class="note">${messages.missing(formatLongDateTime(language, missingAfter, page.timeZone))}</p>`;
  if (reads.length === 0)
    return html`<div class="empty-state"><h2 id="answer">${isAllApps ? messages.nothingReadByAny : messages.nothingRead(name)}</h2><p>${messages.tryLonger}</p></div>${missing}`;
  const query = { ...page.fields };
  const patients = new Set(reads.map(({ patientId }) => patientId)).size;
  const counted = after === undefined && next === undefined ? 'all' : 'some';
  const earlier = next && { ...query, ...toParameters(next, number + 1) };
  return html`
<div class="heading"><h2 id="answer">${isAllApps ? messages.readByAll[counted](patients) : messages.readData[counted](name, patients)}</h2>
<p><a class="button secondary" href="${currentPath}/csv?${new URLSearchParams(query)}" download>${messages.download}</a></p></div>
${missing}<p class="hint">${messages.order}</p>${hasExamples && html`<p class="note">${messages.examplesNote}</p>`}
<table class="stack" aria-labelledby="answer">
  <thead><tr><th scope="col">${columns.patient}</th>${hasAppColumn ? html`<th scope="col">${columns.app}</th>` : ''}<th scope="col">${columns.reader}</th><th scope="col">${columns.data}</th><th scope="col">${columns.firstRead}</th><th scope="col">${columns.lastRead}</th></tr></thead>
  <tbody>${reads.map((read) => renderRow(language, read, page, hasAppColumn))}</tbody>
</table>
${earlier && html`<nav class="pager" aria-label="${messages.page(number)}"><p>${messages.page(number)}</p><ul class="actions"><li><a class="button secondary" rel="next" href="${currentPath}?${new URLSearchParams(earlier)}">${messages.earlierReads}</a></li></ul></nav>`}`;
}

function renderRow(
  language: Language,
  { patientId, app, madeUp, reader, name, birthDate, types, firstReadAt, lastReadAt }: PatientDisclosure,
  { job, timeZone, aliases }: Pick<DisclosuresPage, 'job' | 'timeZone' | 'aliases'>,
  hasAppColumn: boolean,
): Html {
  const { disclosures, shared } = getMessages(language).practicePortal;
  const { columns, noName } = disclosures;
  const time = (at: Date): string => formatLongDateTime(language, at, timeZone);
  return html`
    <tr><th scope="row"><a href="${practicePath(job.practiceId, 'patients')}/${patientId}">${name ?? noName}</a>${birthDate === undefined ? '' : html`<br><span class="muted">${shared.born(formatBirthDate(language, birthDate))}</span>`}</th>${hasAppColumn ? html`<td data-name="${columns.app}">${madeUp ? disclosures.example(app) : app}</td>` : ''}<td data-name="${columns.reader}">${formatReader(language, reader)}</td>
      <td data-name="${columns.data}">${countByCategory(language, types, aliases)
        .map(([label, entries]) => `${label}: ${formatNumber(language, entries)}`)
        .join(', ')}</td>
      <td data-name="${columns.firstRead}">${time(firstReadAt)}</td><td data-name="${columns.lastRead}">${time(lastReadAt)}</td></tr>`;
}

function formatReader(language: Language, { role, name }: DisclosureReader): Html {
  const { readers, unknownReader } = getMessages(language).practicePortal.disclosures;
  if (role === 'app') return html`${readers.app}`;
  return html`${name ?? unknownReader}<br><span class="muted">${readers[role]}</span>`;
}
