import { html } from 'ghtml';
import { type Frame, minuteOf, numberOf, wordsIn } from '../../../words/index.ts';
import { publicPage } from '../page/public-page.ts';
import { badDaysText, dayBars, shareText } from './bars.ts';
import { type Incident, standingOf } from './incidents.ts';
import type { ComponentStatus, StatusReport } from './status.ts';

export function statusPage(
  frame: Frame,
  { overall, components, incidents, diskIsLow }: StatusReport,
  now: Date,
): string {
  const { status: w } = wordsIn(frame.language).publicPages;
  const by = (standing: string) => incidents.filter((one) => standingOf(one, now) === standing);
  const [open, planned, past] = [by('open'), by('planned').toReversed(), by('over')];
  const checked = components.flatMap(({ checkedAt }) => checkedAt ?? []).sort((one, other) => +one - +other)[0];
  const body = html`
<h1>${w.title}</h1>
<div class="overall ${overall}"><p class="lead"><b>${w.overall[overall]}</b></p>!${checked === undefined ? '' : html`<p>${w.checkedAt(minuteOf(frame.language, checked, 'UTC'))}</p>`}</div>
!${diskIsLow ? html`<p class="overall partly">${w.diskIsLow}</p>` : ''}
!${section(frame, w.now, open, now)}
!${section(frame, w.planned, planned, now)}
<h2 class="part">${w.parts}</h2>
<p>${w.days}</p>
!${legend(frame)}
!${components.map((one) => componentPart(frame, one)).join('')}
<h2 class="part">${w.past}</h2>
!${past.length === 0 ? html`<p>${w.nothingPast}</p>` : past.map((one) => incidentPart(frame, one, now)).join('')}
<p class="quiet"><a href="/api/public/status">${w.json}</a> · ${w.utc}</p>`;
  return publicPage(frame, { title: w.title, body, wide: true, here: '/status' });
}

/** Rendered when the status can't be read, which is informative by itself. */
export function unreadPage(frame: Frame): string {
  const { status: w } = wordsIn(frame.language).publicPages;
  const body = html`
<h1>${w.title}</h1>
<div class="overall failing"><p class="lead"><b>${w.overall.failing}</b></p><p>${w.cantRead}</p></div>`;
  return publicPage(frame, { title: w.title, body, wide: true, here: '/status' });
}

const section = (frame: Frame, heading: string, incidents: readonly Incident[], now: Date): string =>
  incidents.length === 0
    ? ''
    : html`
<h2 class="part">${heading}</h2>
!${incidents.map((one) => incidentPart(frame, one, now)).join('')}`;

/** Hidden from screen readers, because the bars have a text alternative. */
function legend({ language }: Frame): string {
  const { key } = wordsIn(language).publicPages.status;
  const items = (['good', 'some', 'bad', 'none'] as const).map(
    (quality) =>
      html`<li><svg class="days one" viewBox="0 0 6 34" aria-hidden="true"><rect class="${quality}" width="6" height="34"/></svg> ${key[quality]}</li>`,
  );
  return html`<ul class="acts legend">!${items.join('')}</ul>`;
}

function componentPart(frame: Frame, status: ComponentStatus): string {
  const { status: w } = wordsIn(frame.language).publicPages;
  const { component, state, milliseconds, good, days } = status;
  const number = (value: number): string => numberOf(frame.language, value);
  const speed = milliseconds === undefined ? '' : w.speed(number(milliseconds.half), number(milliseconds.most));
  const isBad = days.some((day) => day.good !== undefined && day.good < 1);
  return html`
<section class="component"><h3>${w.components[component]} <span class="tag ${TAGS[state]}">${w.states[state]}</span></h3>
!${dayBars(frame, status)}
<p>${good === undefined ? w.neverLooked : capital(w.good(shareText(frame, good)))}${good === undefined ? '' : '.'} ${speed}!${isBad ? html` ${badDaysText(frame, days)}` : ''}</p></section>`;
}

const TAGS = { working: 'used', failing: 'failed', unknown: '' } as const;
const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

function incidentPart(frame: Frame, incident: Incident, now: Date): string {
  const { status: w } = wordsIn(frame.language).publicPages;
  const { kind, title, components, beganAt, endedAt, plannedUntil, posts } = incident;
  const when = (at: Date): string => minuteOf(frame.language, at, 'UTC');
  const end = endedAt ?? plannedUntil;
  const standing = standingOf(incident, now);
  const told = posts.map(
    ({ at, text }) =>
      html`<li><p><b>${when(at)}</b></p>!${text
        .split(/\n+/)
        .map((line) => html`<p>${line}</p>`)
        .join('')}</li>`,
  );
  return html`
<article class="card"><h3>${title}</h3>
<p><span class="tag ${standing === 'open' ? 'failed' : ''}">${w.kinds[kind]}</span> !${standing === 'planned' ? '' : html`${standing === 'open' ? w.open : w.over}. `}${w.from(when(beganAt))}${end === undefined ? '' : ` ${w.until(when(end))}`}.</p>
!${components.length === 0 ? '' : html`<p>${w.affects}: ${components.map((one) => w.components[one]).join(', ')}.</p>`}
<ul class="list">!${told.join('')}</ul></article>`;
}
