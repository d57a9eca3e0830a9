import { formatLongDate, formatLongDateTime } from '../../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../../kernel/index.ts';
import type { PatientPageView } from './view.ts';

/** Renders the apps that read the record. Only privacy officers and administrators see this section. */
export function renderAppsSection({ apps, chart }: PatientPageView): Html {
  if (apps === undefined) return emptyHtml;
  const zone = chart.timeZone;
  const items = apps.map(
    ({ app, person, since, lastUsed }) => html`
<li><p><b>${app}</b></p><p>Allowed by ${person} on ${formatLongDate('en', since, zone)}. ${lastUsed === undefined ? 'No data read yet.' : `Last read on ${formatLongDateTime('en', lastUsed, zone)}.`}</p></li>`,
  );
  return html`
<section><h2>Connected apps</h2>
${items.length === 0 ? html`<p>No connected apps.</p>` : html`<ul class="list">${items}</ul>`}</section>`;
}
