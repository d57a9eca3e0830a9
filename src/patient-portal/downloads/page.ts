import { type Html, html } from '../../kernel/index.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { renderPortalPage } from '../portal-page.ts';

export function renderDownloadsPage(context: PatientPortalContext): Html {
  const { messages, basePath, patientName } = context;
  const { download: w } = messages;
  const body = html`
<h1>${w.title(patientName)}</h1>
<p class="lead">${w.lead}</p>
<h2>${w.summary}</h2>
<p>${w.summaryText}</p>
<p><a class="button" href="${basePath}/summary">${w.summaryOpen}</a></p>
<h2>${w.r4}</h2>
<p>${w.r4Text}</p>
<p><a class="button second" href="${basePath}/downloads/r4">${w.r4Save}</a></p>
<h2>${w.dstu2}</h2>
<p>${w.dstu2Text}</p>
<p><a class="button second" href="${basePath}/downloads/dstu2">${w.dstu2Save}</a></p>
<p class="quiet">${w.loggedNote} <a href="${basePath}/log">${messages.log}</a></p>`;
  return renderPortalPage(context, { title: w.title(patientName), body, section: '/downloads' });
}
