import { getMessages } from '../../../i18n/index.ts';
import { type Html, html, joinHtml } from '../../../kernel/index.ts';
import { layout, PRINT_SCRIPTS, printButton } from '../../../web-pages/index.ts';
import type { PatientPortalContext } from '../../portal-context.ts';
import { definitionList } from '../../portal-page.ts';
import type { PatientIdentity } from '../patient-identity.ts';
import type { HealthSummarySection, PatientSummary, SummaryTable } from './content.ts';

/**
 * Renders the health summary as a page to read and to print. The patient's name and birth date are repeated at the top
 * of each printed page.
 */
export function renderSummaryPage(context: PatientPortalContext, summary: PatientSummary): Html {
  const { messages, pageContext, basePath } = context;
  const { recordDownloads: w, downloads } = messages;
  const { patient, title, copy, origin, sections, contact } = summary;
  const body = html`
<p class="back screen"><a href="${basePath}/downloads">${downloads}</a></p>
<div class="summary">
<div class="page-head" aria-hidden="true"><p><b>${patient.name}</b>${patient.born === undefined ? '' : html` · ${w.born(patient.born)}`}<br>${copy}</p></div>
<div class="page-body">
<h1>${patient.name}</h1>
<p class="lead">${title}${patient.born === undefined ? '' : html`. ${w.born(patient.born)}`}</p>
<p><b>${copy}</b></p>
<p class="hint">${origin}</p>
<p class="actions screen"><a class="button secondary" href="${basePath}/downloads/summary-pdf">${w.summary.savePdf}</a></p>
${printButton(getMessages(pageContext.language).common.print, { hint: w.summary.print })}
${renderIdentity(w.summary.patient, patient)}
${sections.map(renderSection)}
<section><h2>${contact.title}</h2><p>${joinHtml(
    contact.lines.map((line) => html`${line}`),
    html`<br>`,
  )}</p></section>
</div>
</div>`;
  return layout(pageContext, { title, body, scripts: PRINT_SCRIPTS });
}

const renderIdentity = (title: string, { details }: PatientIdentity): Html => html`
<section><h2>${title}</h2>${definitionList(details.map(([label, text]) => [label, html`${text}`]))}</section>`;

const renderSection = ({ title, table, empty, notes }: HealthSummarySection): Html => html`
<section><h2>${title}</h2>
${table === undefined ? html`<p>${empty ?? ''}</p>` : renderTable(title, table)}
${notes.map((note) => html`<p class="hint">${note}</p>`)}</section>`;

const renderTable = (title: string, { columns, rows }: SummaryTable): Html => html`
<table class="stack"><caption class="visually-hidden">${title}</caption>
<thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => renderRow(columns, cells))}</tbody></table>`;

const renderRow = (columns: readonly string[], [name = '', ...cells]: readonly string[]): Html => html`
<tr><th scope="row">${name}</th>${cells.map((cell, index) => html`<td data-name="${columns[index + 1] ?? ''}">${cell}</td>`)}</tr>`;
