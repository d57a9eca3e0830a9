import { englishCounts, formatLongDate, formatLongDateTime, type PageContext } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { hasRole, type StaffContext } from '../roles.ts';
import { renderSharedAccountNote } from '../shared-account-visibility.ts';
import { practicePath, renderStaffPage } from '../staff-page.ts';
import type { UsedApp } from './store.ts';

export interface UsedAppsPage extends StaffContext {
  readonly csrf: string;
  readonly apps: readonly UsedApp[];
  /** IANA time zone of the times on the page. */
  readonly timeZone: string;
}

export function renderUsedAppsPage(pageContext: PageContext, page: UsedAppsPage): Html {
  const { job, apps } = page;
  const currentPath = practicePath(job.practiceId, 'apps');
  const body = html`
<h1>Apps that patients use</h1>
<p class="lead">Apps that have access to records now, because patients of ${job.practiceName} or their representatives allowed it.</p>
${renderSharedAccountNote(page.session)}
${apps.length === 0 ? html`<p>No connected apps yet.</p>` : renderAppList(page)}
${hasRole(job, 'privacy-officer') ? html`<p class="quiet">To see whose data an app read, open the <a href="${practicePath(job.practiceId, 'disclosures')}">Data access report</a>.</p>` : ''}`;
  return renderStaffPage(pageContext, { ...page, title: 'Apps that patients use', body, currentPath });
}

function renderAppList({ apps, timeZone }: UsedAppsPage): Html {
  const maxPatients = Math.max(...apps.map(({ patients }) => patients));
  return html`
<ul class="list used-apps">${apps.map((app) => renderApp(app, maxPatients, timeZone))}
</ul>`;
}

const renderApp = (
  { name, developer, verified, patients, since, usedAt }: UsedApp,
  maxPatients: number,
  zone: string,
): Html => html`
  <li><b>${name}</b>
    <p>${formatDeveloper(developer, verified)}</p>
    <p class="bar">${renderBar(patients, maxPatients)}<span>${englishCounts.patients(patients)}</span></p>
    <p>Since ${formatLongDate('en', since, zone)} · ${usedAt === undefined ? 'no data read yet' : `last read ${formatLongDateTime('en', usedAt, zone)}`}</p></li>`;

function formatDeveloper(developer: string | undefined, verified: boolean): string {
  if (developer === undefined) return 'Developer unknown';
  return `Developer: ${developer}${verified ? ', verified' : ', not verified'}`;
}

/**
 * Renders a bar for the number of patients. Screen readers skip the bar, because the number beside it says the same.
 */
const renderBar = (count: number, maxPatients: number): Html => html`
<svg width="100%" height="14" aria-hidden="true" focusable="false"><rect class="track" width="100%" height="14" rx="3"/><rect class="fill" width="${Math.max(1, (100 * count) / maxPatients).toFixed(1)}%" height="14" rx="3"/></svg>`;
