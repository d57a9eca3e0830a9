import type { BulkProgress, BulkReportRow } from '../../../enrollment/index.ts';
import { englishCounts, englishPlural, formatLongDateTime, type PageContext } from '../../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html } from '../../../kernel/index.ts';
import { errorSummary, type FormFieldError, hiddenField, pageTitle } from '../../../web-pages/index.ts';
import type { StaffContext } from '../../roles.ts';
import { practicePath, renderStaffPage } from '../../staff-page.ts';
import { formatOutcome } from './csv.ts';

export interface BulkPageContext extends StaffContext {
  readonly csrf: string;
  readonly timeZone: string;
}

const bulkPath = ({ job }: StaffContext): string => `${practicePath(job.practiceId, 'patients')}/bulk`;

function renderBulkPage(page: BulkPageContext, pageContext: PageContext, title: string, body: Html): Html {
  const currentPath = practicePath(page.job.practiceId, 'patients');
  return renderStaffPage(pageContext, { ...page, title, body, currentPath, wide: true });
}

/** Renders the page for bulk invitations: what a CSV file must contain, the upload form and earlier uploads. */
export function renderUploadPage(
  page: BulkPageContext & { readonly earlier: readonly BulkProgress[]; readonly errors: readonly FormFieldError[] },
  pageContext: PageContext,
): Html {
  const path = bulkPath(page);
  const title = 'Invite many patients';
  const [error] = page.errors;
  const body = html`
${errorSummary(pageContext, page.errors)}
<p class="back"><a href="${practicePath(page.job.practiceId, 'patients')}">All patients</a></p>
<h1>${title}</h1>
<p>Upload a CSV file with one patient per line. We find each patient in your records and invite them by email or with a letter to print.</p>
<ul>
  <li>The first line names the columns: <code>mrn</code> or <code>patient_id</code>, or both <code>name</code> and <code>birth_date</code>. If a line has more of them, all must match.</li>
  <li><code>email</code> is optional. The invitation goes to this address, or else to the first address on the chart. Without any address, you print a letter.</li>
  <li>At most 5,000 patients and 2 MB. Other columns are not saved.</li>
</ul>
<p><a href="${path}/template.csv">Download CSV template</a></p>
<form method="post" action="${path}" enctype="multipart/form-data">
  ${hiddenField('csrf', page.csrf)}
  <label for="file">CSV file</label>
  <p class="hint" id="about-file">In a spreadsheet, choose “Save as”, then “CSV UTF-8”.</p>${error !== undefined && html`<p class="wrong" id="fault-file"><b>Error:</b> ${error.message}</p>`}
  <input id="file" name="file" type="file" accept=".csv,text/csv" aria-describedby="about-file${error !== undefined && ' fault-file'}" ${attribute('aria-invalid', error !== undefined && 'true')}>
  <button>Invite patients</button>
</form>
${renderEarlierUploads(page, path)}`;
  return renderBulkPage(page, pageContext, pageTitle(pageContext, page.errors, title), body);
}

function renderEarlierUploads(
  { earlier, timeZone }: BulkPageContext & { readonly earlier: readonly BulkProgress[] },
  path: string,
): Html {
  if (earlier.length === 0) return emptyHtml;
  const items = earlier.map(
    (bulk) => html`
<li><a href="${path}/${bulk.bulkId}">${formatLongDateTime('en', bulk.createdAt, timeZone)}</a><p>${bulk.total} lines, ${bulk.invited} invited, ${bulk.refused} not invited${bulk.finishedAt === undefined ? ', in progress' : ''}${bulk.startedBy === undefined ? '' : ` – by ${bulk.startedBy}`}</p></li>`,
  );
  return html`<h2>Earlier uploads</h2><ul class="list">${items}</ul>`;
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
  const path = bulkPath(page);
  const working = bulk.finishedAt === undefined;
  const title = working ? `Inviting: ${bulk.done} of ${bulk.total}` : 'Bulk invitation results';
  const body = html`
<p class="back"><a href="${path}">Invite many patients</a></p>
<h1>${working ? 'Inviting patients' : 'Bulk invitation results'}</h1>
${working ? progressBar(bulk) : ''}
<p class="lead">${bulk.invited} invited, ${bulk.refused} not invited${working ? '' : `, of ${bulk.total}`}.</p>
${working ? html`<p>This page refreshes every 2 seconds. You can leave it, and the invitations continue.</p>` : html`<p><a href="${path}/${bulk.bulkId}/report.csv">Download report as CSV</a></p>`}
${working ? '' : renderLetterBatches(page, path)}
${working ? '' : renderReport(rows, practicePath(page.job.practiceId, 'patients'))}`;
  return renderBulkPage(page, pageContext, title, body);
}

const progressBar = ({ done, total }: BulkProgress): Html => html`
<p><label for="bar">${done} of ${total} lines done, ${total - done} left</label>
<progress id="bar" max="${total}" value="${done}">${done} of ${total}</progress></p>`;

/** Number of letters that are printed together. */
export const LETTERS_PER_BATCH = 50;

/** Renders the buttons that print the letters for patients without an email address, one batch each. */
function renderLetterBatches({ rows, bulk, csrf }: BulkProgressPage, path: string): Html {
  const letters = rows.filter(({ letter }) => letter).length;
  if (letters === 0) return emptyHtml;
  const parts = Array.from({ length: Math.ceil(letters / LETTERS_PER_BATCH) }, (_, part) => part);
  const buttons = parts.map((part) => {
    const [first, last] = [part * LETTERS_PER_BATCH + 1, Math.min(letters, (part + 1) * LETTERS_PER_BATCH)];
    return html`
  <button name="part" value="${part}" class="second">Print ${first === last ? `letter ${first}` : `letters ${first} to ${last}`}</button>`;
  });
  return html`
<h2>Letters to print</h2>
<p>${englishCounts.patients(letters)} ${englishPlural(letters, { one: 'has', other: 'have' })} no email address. Printing creates new codes, and earlier letters no longer work.</p>
<form method="post" action="${path}/${bulk.bulkId}/letters">${hiddenField('csrf', csrf)}<div class="choices">${buttons}</div></form>`;
}

/**
 * Renders the outcome of each line of the file. Lines whose patient was not invited come first, because they need
 * attention.
 */
function renderReport(rows: readonly BulkReportRow[], patients: string): Html {
  const order = [...rows].sort((a, b) => Number(b.outcome === 'refused') - Number(a.outcome === 'refused'));
  const items = order.slice(0, MAX_REPORT_ROWS).map(
    (row) => html`
    <tr><td>${row.line}</td><th scope="row">${describeRow(row, patients)}</th><td>${row.reason ?? formatOutcome(row)}</td></tr>`,
  );
  const truncationNote =
    rows.length > MAX_REPORT_ROWS ? html`<p>The CSV report contains all ${rows.length} lines.</p>` : '';
  return html`
<table class="report">
  <caption>${rows.length > MAX_REPORT_ROWS ? `The first ${MAX_REPORT_ROWS} lines` : 'All lines'}, patients not invited first</caption>
  <thead><tr><th scope="col">Line</th><th scope="col">Patient in the file</th><th scope="col">Result</th></tr></thead>
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
