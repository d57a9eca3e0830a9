import { formatLongDate, formatLongDateTime } from '../../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../../kernel/index.ts';
import type { PatientConnectedApp } from '../connected-apps.ts';
import type { PatientPageView } from './view.ts';

/** Renders the apps that read the record. Only privacy officers and administrators see this section. */
export function renderAppsSection({ apps, chart, context }: PatientPageView): Html {
  if (apps === undefined) return emptyHtml;
  const { language } = context.pageContext;
  const { apps: messages } = context.messages.patientPage;
  const zone = chart.timeZone;
  const lastUse = ({ lastUsed, searchedSince }: Pick<PatientConnectedApp, 'lastUsed' | 'searchedSince'>): string => {
    if (lastUsed !== undefined) return messages.lastUsed(formatLongDateTime(language, lastUsed, zone));
    return searchedSince === undefined
      ? messages.notUsed
      : messages.notSince(formatLongDate(language, searchedSince, zone));
  };
  const items = apps.map(
    ({ app, person, since, ...use }) => html`
<li><p><b>${app}</b></p><p>${messages.allowed(person, formatLongDate(language, since, zone))} ${lastUse(use)}</p></li>`,
  );
  return html`
<section class="card"><h2>${messages.title}</h2>
${items.length === 0 ? html`<p>${messages.none}</p>` : html`<ul class="list">${items}</ul>`}</section>`;
}
