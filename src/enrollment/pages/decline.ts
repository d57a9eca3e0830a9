import { formatLongDate, getMessages } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { hiddenField, layout } from '../../web-pages/index.ts';
import type { OpenedInvitation } from '../patient/opened-invitation.ts';

export function declinePage({ pageContext, path }: OpenedInvitation, csrf: string): Html {
  const { decline } = getMessages(pageContext.language).enrollment;
  const body = html`
<h1>${decline.title}</h1>
<p class="lead">${decline.text}</p>
<form method="post" action="${path}/decline">${hiddenField('csrf', csrf)}<button>${decline.button}</button></form>
<p><a href="${path}">${decline.back}</a></p>`;
  return layout(pageContext, { title: decline.title, body });
}

/**
 * Page after the person declined an invitation. On this page the person can undo the decision until the invitation
 * expires.
 */
export function declinedPage({ pageContext, path, invitation, chart }: OpenedInvitation, csrf: string): Html {
  const { decline } = getMessages(pageContext.language).enrollment;
  const body = html`
<h1>${decline.done}</h1>
<p class="lead">${decline.doneText(formatLongDate(pageContext.language, invitation.lastDay, chart.timeZone))}</p>
<form method="post" action="${path}/undo">${hiddenField('csrf', csrf)}<button class="secondary">${decline.undo}</button></form>`;
  return layout(pageContext, { title: decline.done, body });
}
