import { formatLongDateTime, type PageContext } from '../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import type { StoredEmail } from '../../mail/index.ts';
import { layout } from '../../web-pages/index.ts';
import { maskEmail } from '../patients/contact-format.ts';

export interface OutboxPage {
  /** The latest emails, newest first: those in the outbox, and those that were sent, are waiting or have failed. */
  readonly mails: readonly StoredEmail[];
  /** Maximum number of emails on the page. */
  readonly limit: number;
  readonly publicUrl: string;
  /** Link to the page that the reader came from. */
  readonly back: { readonly path: string; readonly text: string };
}

export function renderOutboxPage(pageContext: PageContext, { mails, limit, publicUrl, back }: OutboxPage): Html {
  const body = html`
<p class="back"><a href="${back.path}">${back.text}</a></p>
<h1>Outbox</h1>
<p>Emails from this server, newest first. Emails to sandbox patients stay here and are never sent. If no email server is set up, all emails stay here. For emails that are sent, this page shows only the delivery status, because their text is private. Viewing this page is recorded.</p>
${mails.length === 0 ? html`<p>No emails yet.</p>` : mails.map((mail) => renderMessage(mail, publicUrl))}
${mails.length < limit ? '' : html`<p>Older emails are not shown.</p>`}`;
  return layout(pageContext, { title: 'Outbox', body });
}

/** The server has no time zone of its own, so times of emails are in UTC. */
const TIME_ZONE = 'UTC';

const renderMessage = (mail: StoredEmail, publicUrl: string): Html => html`
<article class="mail" aria-labelledby="mail-${mail.mail_id}">
<h2 id="mail-${mail.mail_id}">${mail.subject}</h2>
<p class="person">To ${mail.outbox ? mail.recipient : maskEmail(mail.recipient)} · ${formatLongDateTime('en', mail.created_at, TIME_ZONE)} · ${formatState(mail)}</p>
${renderText(mail, publicUrl)}
</article>`;

/**
 * Renders the text of an email in the outbox. The text of any other email, which was or will be sent, isn't shown: it
 * may contain a valid link, which an administrator must not be able to use in a patient's place.
 */
function renderText({ outbox, content }: StoredEmail, publicUrl: string): Html {
  if (!outbox || content === null) return emptyHtml;
  return html`<pre tabindex="0" role="group" aria-label="Text">${linkOwnUrls(content, publicUrl)}</pre>`;
}

function formatState({ outbox, sent_at, failed_at, fault }: StoredEmail): string {
  if (outbox) return 'not sent';
  if (sent_at !== null) return `sent ${formatLongDateTime('en', sent_at, TIME_ZONE)}`;
  if (failed_at !== null) return `failed: ${fault ?? 'unknown error'}`;
  return fault === null ? 'pending' : `retrying after error: ${fault}`;
}

/** Renders the text of an email, with URLs of this server as links. All other content stays text. */
function linkOwnUrls(text: string, publicUrl: string): readonly Html[] {
  return text.split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)])/).map((piece) => {
    const path = toOwnPath(piece, publicUrl);
    return path === undefined ? html`${piece}` : html`<a href="${path}">${piece}</a>`;
  });
}

function toOwnPath(text: string, publicUrl: string): string | undefined {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  const { origin, pathname, search, username, password } = new URL(text);
  const isOwn =
    origin === new URL(publicUrl).origin && username === '' && password === '' && !pathname.startsWith('//');
  return isOwn ? `${pathname}${search}` : undefined;
}
