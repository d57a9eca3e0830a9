import { formatLongDateTime, formatNumber, getMessages, type PageContext } from '../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { PublicPageContext } from '../../web-pages/index.ts';
import { publicPage } from '../layout/public-page.ts';
import { badDaysText, dayBars, shareText } from './day-bars.ts';
import { type Incident, incidentStatus } from './incidents.ts';
import type { ComponentStatus, StatusReport } from './status.ts';

export function statusPage(
  context: PublicPageContext,
  { overall, components, incidents, diskIsLow }: StatusReport,
  now: Date,
): Html {
  const { status: w } = getMessages(context.language).publicSite;
  const by = (currentStatus: string) => incidents.filter((one) => incidentStatus(one, now) === currentStatus);
  const [open, planned, past] = [by('open'), by('planned').toReversed(), by('over')];
  const checked = components.flatMap(({ checkedAt }) => checkedAt ?? []).sort((one, other) => +one - +other)[0];
  const body = html`
<h1>${w.title}</h1>
<div class="overall ${overall}"><p class="lead"><b>${w.overall[overall]}</b></p>${checked === undefined ? '' : html`<p>${w.checkedAt(formatLongDateTime(context.language, checked, 'UTC'))}</p>`}</div>
${emailIsLate(components, open) ? emailNotice(context) : ''}
${diskIsLow ? html`<p class="overall partly">${w.diskIsLow}</p>` : ''}
${incidentSection(context, w.now, open, now)}
${incidentSection(context, w.planned, planned, now)}
<h2 class="section-title">${w.parts}</h2>
<p>${w.days}</p>
${legend(context)}
${components.map((one) => componentEntry(context, one))}
<h2 class="section-title">${w.past}</h2>
${past.length === 0 ? html`<p>${w.nothingPast}</p>` : past.map((one) => incidentEntry(context, one, now))}
<p class="muted"><a href="/api/public/status">${w.json}</a> · ${w.utc}</p>`;
  return publicPage(context, { title: w.title, body, here: '/status' });
}

/**
 * Renders the status page for the case that the status can't be read. The page reports a failure,
 * because a server that can't read its status isn't working.
 */
export function statusUnavailablePage(context: PageContext): Html {
  const { status: w } = getMessages(context.language).publicSite;
  const body = html`
<h1>${w.title}</h1>
<div class="overall failing"><p class="lead"><b>${w.overall.failing}</b></p><p>${w.databaseUnavailable}</p></div>`;
  return publicPage(context, { title: w.title, body, here: '/status' });
}

/** Whether patients and practices should expect late emails. */
const emailIsLate = (components: readonly ComponentStatus[], open: readonly Incident[]): boolean =>
  components.some(({ component, state }) => component === 'mail' && state === 'failing') ||
  open.some((incident) => incident.components.includes('mail'));

function emailNotice({ language }: PageContext): Html {
  const { emailDelay } = getMessages(language).publicSite.status;
  return html`
<div class="overall"><p class="lead"><b>${emailDelay.title}</b></p>
<p><b>${emailDelay.patients}:</b> ${emailDelay.patientsText}</p>
<p><b>${emailDelay.practices}:</b> ${emailDelay.practicesText}</p></div>`;
}

const incidentSection = (context: PageContext, heading: string, incidents: readonly Incident[], now: Date): Html =>
  incidents.length === 0
    ? emptyHtml
    : html`
<h2 class="section-title">${heading}</h2>
${incidents.map((one) => incidentEntry(context, one, now))}`;

/**
 * Renders the explanation of the bars' colors. Its images are hidden from screen readers, because
 * the bars have a text alternative.
 */
function legend({ language }: PageContext): Html {
  const { legend: key } = getMessages(language).publicSite.status;
  const items = (['good', 'some', 'bad', 'none'] as const).map(
    (quality) =>
      html`<li><svg class="days one" viewBox="0 0 6 34" aria-hidden="true"><rect class="${quality}" width="6" height="34"/></svg> ${key[quality]}</li>`,
  );
  return html`<ul class="actions legend">${items}</ul>`;
}

function componentEntry(context: PageContext, status: ComponentStatus): Html {
  const { status: w } = getMessages(context.language).publicSite;
  const { component, state, milliseconds, uptime, days } = status;
  const number = (value: number): string => formatNumber(context.language, value);
  const speed = milliseconds === undefined ? '' : w.responseTimes(number(milliseconds.half), number(milliseconds.most));
  const stateText = component === 'mail' && state === 'failing' ? w.emailDelay.state : w.states[state];
  const isBad = days.some((day) => day.uptime !== undefined && day.uptime < 1);
  return html`
<section class="component"><h3>${w.components[component]} <span class="tag ${TAGS[state]}">${stateText}</span></h3>
${dayBars(context, status)}
<p>${uptime === undefined ? w.neverLooked : capital(w.uptime(shareText(context, uptime)))}${uptime === undefined ? '' : '.'} ${speed}${isBad ? html` ${badDaysText(context, days)}` : ''}</p></section>`;
}

const TAGS = { working: 'used', failing: 'failed', unknown: '' } as const;
const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

function incidentEntry(context: PageContext, incident: Incident, now: Date): Html {
  const { status: w } = getMessages(context.language).publicSite;
  const { kind, title, components, beganAt, endedAt, plannedUntil, posts } = incident;
  const when = (at: Date): string => formatLongDateTime(context.language, at, 'UTC');
  const end = endedAt ?? plannedUntil;
  const currentStatus = incidentStatus(incident, now);
  const updates = posts.map(
    ({ at, text }) => html`<li><p><b>${when(at)}</b></p>${text.split(/\n+/).map((line) => html`<p>${line}</p>`)}</li>`,
  );
  return html`
<article class="card"><h3>${title}</h3>
<p><span class="tag ${currentStatus === 'open' ? 'failed' : ''}">${w.kinds[kind]}</span> ${currentStatus === 'planned' ? '' : html`${currentStatus === 'open' ? w.ongoing : w.ended}. `}${w.from(when(beganAt))}${end === undefined ? '' : ` ${w.until(when(end))}`}.</p>
${components.length === 0 ? '' : html`<p>${w.affects}: ${components.map((one) => w.components[one]).join(', ')}.</p>`}
<ul class="list">${updates}</ul></article>`;
}
