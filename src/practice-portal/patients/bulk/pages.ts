import type { BulkProgress, BulkReportRow } from '../../../enrollment/index.ts';
import { formatLongDateTime, formatNumber, getMessages, type Messages, type PageContext } from '../../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../../../kernel/index.ts';
import { errorSummary, type FormFieldError, hiddenField, pageTitle } from '../../../web-pages/index.ts';
import type { StaffContext } from '../../roles.ts';
import { practicePath, renderStaffPage } from '../../staff-page.ts';
import { formatOutcome, formatReason } from './csv.ts';

export interface BulkPageContext extends StaffContext {
  readonly csrf: string;
  readonly timeZone: string;
}

type BulkMessages = Messages['practicePortal']['bulkInvitations'];

const bulkMessages = ({ language }: PageContext): BulkMessages => getMessages(language).practicePortal.bulkInvitations;

const bulkPath = ({ job }: StaffContext): string => `${practicePath(job.practiceId, 'patients')}/bulk`;

function renderBulkPage(page: BulkPageContext, pageContext: PageContext, title: string, body: Html): Html {
  const currentPath = practicePath(page.job.practiceId, 'patients');
  return renderStaffPage(pageContext, { ...page, title, body, currentPath });
}

/** Renders the page for bulk invitations: what a CSV file must contain, the upload form and earlier uploads. */
export function renderUploadPage(
  page: BulkPageContext & { readonly earlier: readonly BulkProgress[]; readonly errors: readonly FormFieldError[] },
  pageContext: PageContext,
): Html {
  const { patientPage, bulkInvitations: messages } = getMessages(pageContext.language).practicePortal;
  const { common } = getMessages(pageContext.language);
  const path = bulkPath(page);
  const { title } = messages;
  const [error] = page.errors;
  const body = html`
${errorSummary(pageContext, page.errors)}
<p class="back"><a href="${practicePath(page.job.practiceId, 'patients')}">${patientPage.allPatients}</a></p>
<h1>${title}</h1>
<p>${messages.lead}</p>
<ul>
  <li>${messages.columnsHtml}</li>
  <li>${messages.emailHtml}</li>
  <li>${messages.limits}</li>
</ul>
<p><a href="${path}/template.csv">${messages.template}</a></p>
<form method="post" action="${path}" enctype="multipart/form-data">
  ${hiddenField('csrf', page.csrf)}
  <label for="file">${messages.file}</label>
  <p class="hint" id="about-file">${messages.fileHint}</p>${error !== undefined && html`<p class="field-error" id="error-file"><b>${common.error}:</b> ${error.message}</p>`}
  <input id="file" name="file" type="file" accept=".csv,text/csv" aria-describedby="about-file${error !== undefined && ' error-file'}" ${attribute('aria-invalid', error !== undefined && 'true')}>
  <button>${messages.button}</button>
</form>
${renderEarlierUploads(page, pageContext, path)}`;
  return renderBulkPage(page, pageContext, pageTitle(pageContext, page.errors, title), body);
}

function renderEarlierUploads(
  { earlier, timeZone }: BulkPageContext & { readonly earlier: readonly BulkProgress[] },
  pageContext: PageContext,
  path: string,
): Html {
  if (earlier.length === 0) return emptyHtml;
  const messages = bulkMessages(pageContext);
  const items = earlier.map(
    (bulk) => html`
<li><a href="${path}/${bulk.bulkId}">${formatLongDateTime(pageContext.language, bulk.createdAt, timeZone)}</a><p>${messages.upload(bulk)}${bulk.finishedAt === undefined ? messages.inProgress : ''}${bulk.startedBy === undefined ? '' : messages.by(bulk.startedBy)}</p></li>`,
  );
  return html`<h2>${messages.earlier}</h2><ul class="list">${items}</ul>`;
}

/** Maximum number of lines of the file that the page lists. The CSV report has all lines. */
const MAX_REPORT_ROWS = 500;

export interface BulkProgressPage extends BulkPageContext {
  readonly bulk: BulkProgress;
  readonly rows: readonly BulkReportRow[];
}

/** Renders the page with the progress of the upload and, when it is finished, the outcome of each line of the file. */
export function renderProgressPage(page: BulkProgressPage, pageContext: PageContext): Html {
  const { bulk, rows } = page;
  const messages = bulkMessages(pageContext);
  const { progress, report } = messages;
  const path = bulkPath(page);
  const working = bulk.finishedAt === undefined;
  const title = working ? progress.tabTitle(bulk.done, bulk.total) : report.title;
  const body = html`
<p class="back"><a href="${path}">${messages.title}</a></p>
<h1>${working ? progress.title : report.title}</h1>
${working ? progressBar(progress, bulk) : ''}
<p class="lead">${working ? progress.soFar(bulk.invited, bulk.refused) : report.summary(bulk)}</p>
${working ? html`<p>${progress.refreshes}</p>` : html`<p><a href="${path}/${bulk.bulkId}/report.csv">${report.download}</a></p>`}
${working ? '' : renderLetterBatches(page, pageContext, path)}
${working ? '' : renderReport(rows, pageContext, practicePath(page.job.practiceId, 'patients'))}`;
  return renderBulkPage(page, pageContext, title, body);
}

const progressBar = (messages: BulkMessages['progress'], { done, total }: BulkProgress): Html => html`
<p><label for="bar">${messages.bar(done, total)}</label>
<progress id="bar" max="${total}" value="${done}">${messages.barValue(done, total)}</progress></p>`;

/** Number of letters that are printed together. */
export const LETTERS_PER_BATCH = 50;

/** Renders the buttons that print the letters for patients without an email address, one batch each. */
function renderLetterBatches({ rows, bulk, csrf }: BulkProgressPage, pageContext: PageContext, path: string): Html {
  const letters = rows.filter(({ letter }) => letter).length;
  if (letters === 0) return emptyHtml;
  const { letters: messages } = bulkMessages(pageContext);
  const parts = Array.from({ length: Math.ceil(letters / LETTERS_PER_BATCH) }, (_, part) => part);
  const buttons = parts.map((part) => {
    const [first, last] = [part * LETTERS_PER_BATCH + 1, Math.min(letters, (part + 1) * LETTERS_PER_BATCH)];
    const [from, to] = [first, last].map((number) => formatNumber(pageContext.language, number)) as [string, string];
    return html`
  <button name="part" value="${part}" class="secondary">${first === last ? messages.printOne(from) : messages.printRange(from, to)}</button>`;
  });
  return html`
<h2>${messages.title}</h2>
<p>${messages.text(letters)}</p>
<form method="post" action="${path}/${bulk.bulkId}/letters">${hiddenField('csrf', csrf)}<div class="choices">${buttons}</div></form>`;
}

/**
 * Renders the outcome of each line of the file. Lines whose patient was not invited come first, because they need
 * attention.
 */
function renderReport(rows: readonly BulkReportRow[], pageContext: PageContext, patients: string): Html {
  const messages = bulkMessages(pageContext);
  const { report } = messages;
  const order = [...rows].sort((a, b) => Number(b.outcome === 'refused') - Number(a.outcome === 'refused'));
  const items = order.slice(0, MAX_REPORT_ROWS).map(
    (row) => html`
    <tr><td>${row.line}</td><th scope="row">${describeRow(row, patients)}</th><td>${formatReason(messages, row) ?? formatOutcome(messages, row)}</td></tr>`,
  );
  const isTruncated = rows.length > MAX_REPORT_ROWS;
  const number = (count: number) => formatNumber(pageContext.language, count);
  const truncationNote = isTruncated ? html`<p>${report.truncated(number(rows.length))}</p>` : '';
  return html`
<table class="report">
  <caption>${isTruncated ? report.captionOfFirst(number(MAX_REPORT_ROWS)) : report.captionOfAll}</caption>
  <thead><tr><th scope="col">${report.line}</th><th scope="col">${report.patient}</th><th scope="col">${report.result}</th></tr></thead>
  <tbody>${items}</tbody>
</table>${truncationNote}`;
}

function describeRow({ given, patientId }: BulkReportRow, patients: string): Html {
  const text = ['name', 'birth_date', 'mrn', 'patient_id', 'email']
    .map((column) => given[column] ?? '')
    .filter((value) => value !== '')
    .join(', ');
  return patientId === undefined ? html`${text}` : html`<a href="${patients}/${patientId}">${text}</a>`;
}
