import { html } from 'ghtml';
import { layout } from '../../pages/index.ts';
import { type Frame, wordsIn } from '../../words/index.ts';
import { accountPage, type Section } from '../page.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import type { OwnRecord } from '../records.ts';

export interface Overview {
  /** Number of connected apps; undefined when they couldn't be read. */
  readonly connected: number | undefined;
  /** Most recent read: the reader's name and the time. undefined: the record was never read. */
  readonly last: { readonly who: string; readonly when: string } | undefined;
  /** Email address of the signed-in account. */
  readonly email: string | undefined;
  readonly unconfirmedEmail: string | undefined;
}

export function overviewPage(context: Place, overview: Overview): string {
  const { connected, last } = overview;
  const { words: messages, base: basePath, who: patientName, record } = context;
  const { home: w } = messages;
  const apps = connected === undefined ? w.appsUnread : connected === 0 ? w.appsNone : w.appsSome(connected);
  const log = last === undefined ? w.logNone : w.logLast(last.who, last.when);
  const cards: readonly (readonly [path: string, title: string, text: string])[] = [
    [`${basePath}/apps`, messages.apps, apps],
    [`${basePath}/log`, messages.log, log],
    [`${basePath}/record`, messages.record, w.record],
    [`${basePath}/downloads`, messages.downloads, w.downloads],
    [`${basePath}/receipts`, messages.receipts, w.receipts],
    ['/account/security', messages.security, w.security],
  ];
  const body = html`
<h1>${w.title(patientName)}</h1>
<p class="lead">${w.lead(patientName)}</p>
!${unconfirmedNote(context, overview)}
!${record.open ? '' : html`<div class="note"><p>${messages.closed}</p></div>`}
<ul class="cards">!${cards.map(([path, title, text]) => html`<li><h2><a href="${path}">${title}</a></h2><p>${text}</p></li>`).join('')}</ul>`;
  return accountPage(context, { title: w.title(patientName), body, under: '' });
}

function unconfirmedNote({ words: { home: w } }: Place, { email, unconfirmedEmail }: Overview): string {
  if (unconfirmedEmail === undefined) return '';
  const text = email === undefined ? w.unconfirmed(unconfirmedEmail) : w.unconfirmedChange(unconfirmedEmail, email);
  return html`<div class="note"><p>${text} <a href="/account/security/email/confirm">${w.confirmAgain}</a></p></div>`;
}

/**
 * Lets the account choose a record, since no record is ever chosen by default.
 * @param section page that each record's link opens
 */
export function chooseRecordPage(pageContext: Frame, records: readonly OwnRecord[], section: Section): string {
  const messages = wordsIn(pageContext.language).account;
  const { choose: w } = messages;
  const items = records.map(
    ({ key, personName, practiceName, relation }) =>
      html`<li><a href="/account/${key}${section}">${plain(personName)}</a><p>${practiceName}. ${relation === 'self' ? w.own : w.acts}.</p></li>`,
  );
  const title = records.length === 0 ? w.none : w.title;
  const body = html`
<h1>${title}</h1>
!${records.length === 0 ? html`<p>${w.noneText}</p>` : html`<p class="hint">${w.hint}</p><ul class="list">!${items.join('')}</ul>`}
<p class="quiet"><a href="/account/security">${messages.security}</a></p>`;
  return layout(pageContext, { title, body });
}
