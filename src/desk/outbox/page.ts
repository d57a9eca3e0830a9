import { html } from 'ghtml';
import type { KeptMail } from '../../mail/index.ts';
import { layout } from '../../pages/index.ts';
import { type Frame, minuteOf } from '../../words/index.ts';
import { maskedEmail } from '../patients/masked.ts';

export interface OutboxPage {
  /** Newest first. */
  readonly mails: readonly KeptMail[];
  /** Maximum number of messages on the page. */
  readonly most: number;
  readonly publicUrl: string;
  /** Link back. */
  readonly back: { readonly path: string; readonly text: string };
}

export function outboxPage(pageContext: Frame, { mails, most, publicUrl, back }: OutboxPage): string {
  const body = html`
<p class="back"><a href="${back.path}">${back.text}</a></p>
<h1>Mail</h1>
<p>What the server has written, the newest first. Mail of the sandbox, and all mail where there is no mail server, stays here and is never sent. Of what is sent you see whether it went, and no more: it is somebody’s own. It is kept that you looked.</p>
!${mails.length === 0 ? html`<p>There is none.</p>` : mails.map((mail) => shownMail(mail, publicUrl)).join('')}
!${mails.length < most ? '' : html`<p>Older mail is not shown.</p>`}`;
  return layout(pageContext, { title: 'Mail', body });
}

/** The server has no time zone of its own. */
const ZONE = 'UTC';

const shownMail = (mail: KeptMail, publicUrl: string): string => html`
<article class="mail" aria-labelledby="mail-${mail.mail_id}">
<h2 id="mail-${mail.mail_id}">${mail.subject}</h2>
<p class="person">To ${mail.outbox ? mail.recipient : maskedEmail(mail.recipient)} · ${minuteOf('en', mail.created_at, ZONE)} · ${stateOf(mail)}</p>
!${textOf(mail, publicUrl)}
</article>`;

/**
 * Shows the text of stored messages only. The text of a sent message may contain a valid link, which an administrator
 * must not be able to use in a patient's place.
 */
function textOf({ outbox, content }: KeptMail, publicUrl: string): string {
  if (!outbox || content === null) return '';
  return html`<pre tabindex="0" role="group" aria-label="Text">!${withLinks(content, publicUrl)}</pre>`;
}

function stateOf({ outbox, sent_at, failed_at, fault }: KeptMail): string {
  if (outbox) return 'kept here';
  if (sent_at !== null) return `sent ${minuteOf('en', sent_at, ZONE)}`;
  if (failed_at !== null) return `given up: ${fault ?? 'no reason'}`;
  return fault === null ? 'waiting' : `waiting, after: ${fault}`;
}

/** Renders the text with URLs of this server as links. All other content stays text. */
function withLinks(text: string, publicUrl: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)])/)
    .map((piece) => {
      const path = pathAt(piece, publicUrl);
      return path === undefined ? html`${piece}` : html`<a href="${path}">${piece}</a>`;
    })
    .join('');
}

function pathAt(text: string, publicUrl: string): string | undefined {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  const { origin, pathname, search, username, password } = new URL(text);
  const isOwn =
    origin === new URL(publicUrl).origin && username === '' && password === '' && !pathname.startsWith('//');
  return isOwn ? `${pathname}${search}` : undefined;
}
