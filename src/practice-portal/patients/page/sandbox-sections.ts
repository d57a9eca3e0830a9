import { formatHourAndMinute, formatLongDateTime, getMessages } from '../../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../../kernel/index.ts';
import type { OutboxEmail } from '../../../mail/index.ts';
import { linkOwnUrls } from '../../outbox/link-own-urls.ts';
import type { PatientPageView } from './view.ts';

/** Says that visitors of the sandbox try enrollment with the patient. Empty for all other patients. */
export function renderSandboxNote({ context, sandboxPatient }: PatientPageView): Html {
  if (sandboxPatient === undefined) return emptyHtml;
  const { language } = context.pageContext;
  const { portal: messages } = getMessages(language).sandbox;
  const { inUseUntil, timeZone } = sandboxPatient;
  const reset =
    inUseUntil === undefined ? '' : ` ${messages.resetBy(formatHourAndMinute(language, inUseUntil, timeZone))}`;
  return html`
<div class="note"><p>${messages.text}${reset} <a href="/sandbox/enrollment">${messages.list}</a></p></div>`;
}

/**
 * Renders the emails that a user of a shared sandbox account caused in this browser. They aren't sent, so the page is
 * the only place where that user can read them. Empty in all other sessions.
 */
export function renderVisitorEmails(view: PatientPageView): Html {
  if (view.visitorEmails.length === 0) return emptyHtml;
  const { emails: messages } = getMessages(view.context.pageContext.language).sandbox.portal;
  return html`
<section class="card" id="emails"><h2>${messages.title}</h2>
<p class="hint">${messages.lead}</p>
${view.visitorEmails.map((email) => renderEmail(view, email))}</section>`;
}

function renderEmail({ context, chart, publicUrl }: PatientPageView, email: OutboxEmail): Html {
  const { language } = context.pageContext;
  const { emails: messages } = getMessages(language).sandbox.portal;
  const at = formatLongDateTime(language, email.created_at, chart.timeZone);
  return html`
<article class="email" aria-labelledby="mail-${email.mail_id}">
<h3 id="mail-${email.mail_id}">${email.subject}</h3>
<p class="subtitle">${messages.to(email.recipient, at)}</p>
<pre tabindex="0" role="group" aria-label="${messages.text}">${linkOwnUrls(email.content, publicUrl)}</pre>
</article>`;
}
