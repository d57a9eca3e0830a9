import { html } from 'ghtml';
import { dayOf, type Frame, minuteOf } from '../../words/index.ts';
import { deskPage, deskPath } from '../frame.ts';
import { type AtDesk, hasRole } from '../roles.ts';
import { visitorNote } from '../seen-from.ts';
import type { UsedApp } from './store.ts';

export interface UsedAppsPage extends AtDesk {
  readonly csrf: string;
  readonly apps: readonly UsedApp[];
  /** IANA time zone. */
  readonly timeZone: string;
}

export function usedAppsPage(pageContext: Frame, page: UsedAppsPage): string {
  const { job, apps } = page;
  const currentPath = deskPath(job.practiceId, 'apps');
  const body = html`
<h1>Apps that patients use</h1>
<p class="lead">Apps that patients of ${job.practiceName}, or those who act for them, have let read their record, and still do.</p>
!${visitorNote(page.session)}
!${apps.length === 0 ? html`<p>There is none yet.</p>` : list(page)}
!${hasRole(job, 'privacy-officer') ? html`<p class="quiet">What an app read, and of whom: <a href="${deskPath(job.practiceId, 'disclosures')}">Who read what</a></p>` : ''}`;
  return deskPage(pageContext, { ...page, title: 'Apps that patients use', body, here: currentPath });
}

function list({ apps, timeZone }: UsedAppsPage): string {
  const maxPatients = Math.max(...apps.map(({ patients }) => patients));
  return html`
<ul class="list used-apps">!${apps.map((app) => item(app, maxPatients, timeZone)).join('')}
</ul>`;
}

const item = (
  { name, developer, verified, patients, since, usedAt }: UsedApp,
  maxPatients: number,
  zone: string,
): string => html`
  <li><b>${name}</b>
    <p>${madeBy(developer, verified)}</p>
    <p class="bar">!${bar(patients, maxPatients)}<span>${patients === 1 ? '1 patient' : `${patients.toLocaleString('en-US')} patients`}</span></p>
    <p>Since ${dayOf('en', since, zone)} · ${usedAt === undefined ? 'has read nothing yet' : `last read ${minuteOf('en', usedAt, zone)}`}</p></li>`;

function madeBy(developer: string | undefined, verified: boolean): string {
  if (developer === undefined) return 'Its maker did not say who they are';
  return `Made by ${developer}${verified ? ', verified' : ', not verified'}`;
}

/** The bar is hidden from screen readers because the number beside it says the same. */
const bar = (count: number, maxPatients: number): string => html`
<svg width="100%" height="14" aria-hidden="true" focusable="false"><rect class="track" width="100%" height="14" rx="3"/><rect class="fill" width="${Math.max(1, (100 * count) / maxPatients).toFixed(1)}%" height="14" rx="3"/></svg>`;
