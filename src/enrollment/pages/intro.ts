import { formatLongDate, getMessages } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { layout } from '../../web-pages/index.ts';
import { maskName, maskYear } from '../invitation/mask-name.ts';
import type { OpenedInvitation } from '../patient/opened-invitation.ts';

/**
 * First page of an invitation. It masks the name of the invited person, so that other readers of the link don't learn
 * it.
 */
export function invitationPage({ invitation, chart, pageContext, path }: OpenedInvitation): Html {
  const { intro } = getMessages(pageContext.language).enrollment;
  const forPatient = invitation.kind === 'patient';
  const year = maskYear(chart.birthDate ?? '');
  const lead = forPatient
    ? intro.forPatient(chart.practiceName, maskName(chart.name), year)
    : intro.forOther(chart.practiceName, maskName(invitation.name), maskName(chart.name), year);
  const title = forPatient ? intro.title : intro.titleForOther;
  const signIn = `/sign-in?${new URLSearchParams({ return_to: `${path}/proof` })}`;
  const body = html`
<h1>${title}</h1>
<p class="lead">${lead}</p>
<p>${intro.until(formatLongDate(pageContext.language, invitation.lastDay, chart.timeZone))}</p>
<h2>${intro.next}</h2>
<ol class="steps">${intro.steps(chart.practiceName).map((step) => html`<li>${step}</li>`)}</ol>
<form method="get" action="${path}/proof"><button>${intro.start}</button></form>
<ul class="list option-list">
  <li><a href="${signIn}">${intro.haveAccount}</a></li>
  <li><a href="${path}/decline">${intro.dontWant}</a></li>
</ul>`;
  return layout(pageContext, { title, body });
}
