import { formatLongDateTime, getMessages, type Language, type PageContext } from '../../i18n/index.ts';
import type { Session } from '../../identity/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { StoredEmail } from '../../mail/index.ts';
import { layout } from '../../web-pages/index.ts';
import { renderAdministrationPage } from '../administration/administration-page.ts';
import { maskEmail } from '../patients/contact-format.ts';
import { linkOwnUrls } from './link-own-urls.ts';

export const OUTBOX_PATH = '/outbox';

export interface OutboxPage {
  /** The latest emails, newest first: those in the outbox, and those that were sent, are waiting or have failed. */
  readonly mails: readonly StoredEmail[];
  /** Maximum number of emails on the page. */
  readonly limit: number;
  readonly publicUrl: string;
  /** The signed-in administrator, who gets the navigation of the administration. undefined at the server itself. */
  readonly administrator: { readonly session: Session; readonly csrf: string } | undefined;
}

export function renderOutboxPage(
  pageContext: PageContext,
  { mails, limit, publicUrl, administrator }: OutboxPage,
): Html {
  const { language } = pageContext;
  const { outbox } = getMessages(language).practicePortal;
  const body = html`
${administrator === undefined && html`<p class="back"><a href="/">${outbox.home}</a></p>`}
<h1>${outbox.title}</h1>
<p>${outbox.lead}</p>
${mails.length === 0 ? html`<div class="empty-state"><p>${outbox.none}</p></div>` : mails.map((mail) => renderMessage(language, mail, publicUrl))}
${mails.length < limit ? '' : html`<p>${outbox.olderNotShown}</p>`}`;
  const { title } = outbox;
  if (administrator === undefined) return layout(pageContext, { title, body });
  return renderAdministrationPage(pageContext, { ...administrator, title, body, currentPath: OUTBOX_PATH });
}

/** The server has no time zone of its own, so times of emails are in UTC. */
const TIME_ZONE = 'UTC';

const renderMessage = (language: Language, mail: StoredEmail, publicUrl: string): Html => html`
<article class="email card" aria-labelledby="mail-${mail.mail_id}">
<h2 id="mail-${mail.mail_id}">${mail.subject}</h2>
<p class="subtitle">${getMessages(language).practicePortal.outbox.to(mail.outbox ? mail.recipient : maskEmail(mail.recipient))} · ${formatLongDateTime(language, mail.created_at, TIME_ZONE)} · ${formatState(language, mail)}</p>
${renderText(language, mail, publicUrl)}
</article>`;

/**
 * Renders the text of an email in the outbox. The text of any other email, which was or will be sent, isn't shown: it
 * may contain a valid link, which an administrator must not be able to use in a patient's place.
 */
function renderText(language: Language, { outbox, content }: StoredEmail, publicUrl: string): Html {
  if (!outbox || content === null) return emptyHtml;
  return html`<pre tabindex="0" role="group" aria-label="${getMessages(language).practicePortal.outbox.text}">${linkOwnUrls(content, publicUrl)}</pre>`;
}

function formatState(language: Language, { outbox, sent_at, failed_at, fault }: StoredEmail): string {
  const { states } = getMessages(language).practicePortal.outbox;
  if (outbox) return states.notSent;
  if (sent_at !== null) return states.sent(formatLongDateTime(language, sent_at, TIME_ZONE));
  if (failed_at !== null) return states.failed(fault ?? states.unknownError);
  return fault === null ? states.pending : states.retrying(fault);
}
