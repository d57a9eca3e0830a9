import { html } from 'ghtml';
import { layout } from '../../pages/index.ts';
import { dayOf, wordsIn } from '../../words/index.ts';
import { masked, maskedYear } from '../invitation/masked.ts';
import type { Opened } from '../patient/opened.ts';

/** Shows whom the invitation is for, masked so that other readers don't learn the name. */
export function introPage({ invitation, chart, pageContext, path }: Opened): string {
  const { intro } = wordsIn(pageContext.language).enrollment;
  const forPatient = invitation.kind === 'patient';
  const year = maskedYear(chart.birthDate ?? '');
  const lead = forPatient
    ? intro.forPatient(chart.practiceName, masked(chart.name), year)
    : intro.forOther(chart.practiceName, masked(invitation.name), masked(chart.name), year);
  const title = forPatient ? intro.title : intro.titleForOther;
  const signIn = `/sign-in?${new URLSearchParams({ return_to: `${path}/proof` })}`;
  const body = html`
<h1>${title}</h1>
<p class="lead">${lead}</p>
<p>${intro.until(dayOf(pageContext.language, invitation.lastDay, chart.timeZone))}</p>
<h2>${intro.next}</h2>
<ol class="steps">!${intro
    .steps(chart.practiceName)
    .map((step) => html`<li>${step}</li>`)
    .join('')}</ol>
<form method="get" action="${path}/proof"><button>${intro.start}</button></form>
<ul class="list plain-ways">
  <li><a href="${signIn}">${intro.haveAccount}</a></li>
  <li><a href="${path}/decline">${intro.dontWant}</a></li>
</ul>`;
  return layout(pageContext, { title, body });
}
