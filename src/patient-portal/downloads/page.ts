import { type Html, html } from '../../kernel/index.ts';
import { icon } from '../../web-pages/index.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { renderPortalPage } from '../portal-page.ts';

export function renderDownloadsPage(context: PatientPortalContext): Html {
  const { messages, basePath, patientName } = context;
  const { download: w } = messages;
  const body = html`
<h1>${w.title(patientName)}</h1>
<p class="lead">${w.lead}</p>
<div class="ways">
<section class="card">${icon('receipt')}<h2>${w.summary}</h2>
<p>${w.summaryText}</p>
<p><a class="button" href="${basePath}/summary">${w.summaryOpen}</a></p></section>
<section class="card">${icon('download')}<h2>${w.r4}</h2>
<p>${w.r4Text}</p>
<p><a class="button second" href="${basePath}/downloads/r4">${w.r4Save}</a></p></section>
<section class="card">${icon('download')}<h2>${w.dstu2}</h2>
<p>${w.dstu2Text}</p>
<p><a class="button second" href="${basePath}/downloads/dstu2">${w.dstu2Save}</a></p></section>
</div>
<p class="quiet">${w.loggedNote} <a href="${basePath}/log">${messages.log}</a></p>`;
  return renderPortalPage(context, { title: w.title(patientName), body, section: '/downloads' });
}
