import { formatLongDate, formatLongDateTime, getMessages, type Language, type PageContext } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { hasRole, type StaffContext } from '../roles.ts';
import { renderSharedAccountNote } from '../shared-account-visibility.ts';
import { practicePath, renderStaffPage } from '../staff-page.ts';
import type { UsedApp, UsedApps } from './store.ts';

export interface UsedAppsPage extends StaffContext, UsedApps {
  readonly csrf: string;
  /** IANA time zone of the times on the page. */
  readonly timeZone: string;
}

export function renderUsedAppsPage(pageContext: PageContext, page: UsedAppsPage): Html {
  const { job, apps } = page;
  const { language } = pageContext;
  const messages = getMessages(language).practicePortal.apps;
  const currentPath = practicePath(job.practiceId, 'apps');
  const body = html`
<h1>${messages.title}</h1>
<p class="lead">${messages.lead(job.practiceName)}</p>
${renderSharedAccountNote(language, page.session)}
${apps.length > 0 && renderAppList(language, page)}${apps.length === 0 && html`<div class="empty-state"><p>${page.countedAt === 'never' ? messages.notCounted : messages.none}</p></div>`}
${page.countedAt instanceof Date && html`<p class="hint">${messages.countedAt(formatLongDateTime(language, page.countedAt, page.timeZone))}</p>`}
${hasRole(job, 'privacy-officer') ? html`<p>${messages.toReportHtml(practicePath(job.practiceId, 'disclosures'))}</p>` : ''}`;
  return renderStaffPage(pageContext, { ...page, title: messages.title, body, currentPath });
}

function renderAppList(language: Language, { apps, timeZone }: UsedAppsPage): Html {
  const maxPatients = Math.max(...apps.map(({ patients }) => patients));
  return html`
<ul class="list used-apps">${apps.map((app) => renderApp(language, app, maxPatients, timeZone))}
</ul>`;
}

function renderApp(language: Language, app: UsedApp, maxPatients: number, zone: string): Html {
  const { name, patients, since, usedAt } = app;
  const messages = getMessages(language).practicePortal.apps;
  const lastUse =
    usedAt === undefined ? messages.noDataRead : messages.lastRead(formatLongDateTime(language, usedAt, zone));
  return html`
  <li><b>${name}</b>
    <p>${formatDeveloper(language, app)}</p>
    <p class="bar">${renderBar(patients, maxPatients)}<span>${messages.patients(patients)}</span></p>
    <p>${messages.since(formatLongDate(language, since, zone))} · ${lastUse}</p></li>`;
}

function formatDeveloper(language: Language, { developer, verified }: UsedApp): string {
  const messages = getMessages(language).practicePortal.apps;
  if (developer === undefined) return messages.unknownDeveloper;
  return verified ? messages.verifiedDeveloper(developer) : messages.unverifiedDeveloper(developer);
}

/**
 * Renders a bar for the number of patients. Screen readers skip the bar, because the number beside it says the same.
 */
const renderBar = (count: number, maxPatients: number): Html => html`
<svg width="100%" height="14" aria-hidden="true" focusable="false"><rect class="track" width="100%" height="14" rx="3"/><rect class="fill" width="${Math.max(1, (100 * count) / maxPatients).toFixed(1)}%" height="14" rx="3"/></svg>`;
