import { type Html, html } from '../../kernel/index.ts';
import { icon } from '../../web-pages/index.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { renderPortalPage } from '../portal-page.ts';

export function renderDownloadsPage(context: PatientPortalContext): Html {
  const { messages, basePath, patientName } = context;
  const { download: w } = messages;
  const files = `${basePath}/downloads`;
  const body = html`
<h1>${w.title(patientName)}</h1>
<p class="lead">${w.lead}</p>
<div class="options">
<section class="card">${icon('receipt')}<h2>${w.summary}</h2>
<p>${w.summaryText}</p>
<p><a class="button" href="${basePath}/summary">${w.summaryOpen}</a></p>
<p><a class="button secondary" href="${files}/summary-pdf">${w.summaryPdf}</a></p></section>
${card(w.html, w.htmlText, { path: `${files}/html`, text: w.htmlSave })}
${card(w.csv, w.csvText, { path: `${files}/results-csv`, text: w.csvSave })}
${card(w.r4, w.r4Text, { path: `${files}/r4`, text: w.r4Save })}
${card(w.dstu2, w.dstu2Text, { path: `${files}/dstu2`, text: w.dstu2Save })}
</div>
<p class="muted">${w.loggedNote} <a href="${basePath}/log">${messages.log}</a></p>`;
  return renderPortalPage(context, { title: w.title(patientName), body, section: '/downloads' });
}

const card = (title: string, text: string, link: { readonly path: string; readonly text: string }): Html => html`
<section class="card">${icon('download')}<h2>${title}</h2>
<p>${text}</p>
<p><a class="button secondary" href="${link.path}">${link.text}</a></p></section>`;
