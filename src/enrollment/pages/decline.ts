import { html } from 'ghtml';
import { hidden, layout } from '../../pages/index.ts';
import { dayOf, wordsIn } from '../../words/index.ts';
import type { Opened } from '../patient/opened.ts';

export function declinePage({ pageContext, path }: Opened, csrf: string): string {
  const { decline } = wordsIn(pageContext.language).enrollment;
  const body = html`
<h1>${decline.title}</h1>
<p class="lead">${decline.text}</p>
<form method="post" action="${path}/decline">!${hidden('csrf', csrf)}<button>${decline.button}</button></form>
<p><a href="${path}">${decline.back}</a></p>`;
  return layout(pageContext, { title: decline.title, body });
}

/** The person can undo the decision until the invitation expires. */
export function declinedPage({ pageContext, path, invitation, chart }: Opened, csrf: string): string {
  const { decline } = wordsIn(pageContext.language).enrollment;
  const body = html`
<h1>${decline.done}</h1>
<p class="lead">${decline.doneText(dayOf(pageContext.language, invitation.lastDay, chart.timeZone))}</p>
<form method="post" action="${path}/undo">!${hidden('csrf', csrf)}<button class="second">${decline.undo}</button></form>`;
  return layout(pageContext, { title: decline.done, body });
}
