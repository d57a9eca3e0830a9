import { html } from 'ghtml';
import { layout } from '../../pages/index.ts';
import { type Frame, wordsIn } from '../../words/index.ts';
import { accountPage, type Section } from '../page.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import type { OwnRecord } from '../records.ts';

export interface Overview {
  /** undefined: they could not be read. */
  readonly connected: number | undefined;
  /** Who read last, and when; undefined: nobody did. */
  readonly last: { readonly who: string; readonly when: string } | undefined;
  /** Of the account that reads. */
  readonly email: string | undefined;
  readonly unconfirmedEmail: string | undefined;
}

export function overviewPage(place: Place, overview: Overview): string {
  const { connected, last } = overview;
  const { words, base, who, record } = place;
  const { home: w } = words;
  const apps = connected === undefined ? w.appsUnread : connected === 0 ? w.appsNone : w.appsSome(connected);
  const log = last === undefined ? w.logNone : w.logLast(last.who, last.when);
  const cards: readonly (readonly [path: string, title: string, text: string])[] = [
    [`${base}/apps`, words.apps, apps],
    [`${base}/log`, words.log, log],
    [`${base}/record`, words.record, w.record],
    [`${base}/downloads`, words.downloads, w.downloads],
    [`${base}/receipts`, words.receipts, w.receipts],
    ['/account/security', words.security, w.security],
  ];
  const body = html`
<h1>${w.title(who)}</h1>
<p class="lead">${w.lead(who)}</p>
!${unconfirmedNote(place, overview)}
!${record.open ? '' : html`<div class="note"><p>${words.closed}</p></div>`}
<ul class="cards">!${cards.map(([path, title, text]) => html`<li><h2><a href="${path}">${title}</a></h2><p>${text}</p></li>`).join('')}</ul>`;
  return accountPage(place, { title: w.title(who), body, under: '' });
}

function unconfirmedNote({ words: { home: w } }: Place, { email, unconfirmedEmail }: Overview): string {
  if (unconfirmedEmail === undefined) return '';
  const text = email === undefined ? w.unconfirmed(unconfirmedEmail) : w.unconfirmedChange(unconfirmedEmail, email);
  return html`<div class="note"><p>${text} <a href="/account/security/email/confirm">${w.confirmAgain}</a></p></div>`;
}

/** Each person's records apart: which one it is about is never left to chance. @param section where each record's link leads */
export function chooseRecordPage(frame: Frame, records: readonly OwnRecord[], section: Section): string {
  const words = wordsIn(frame.language).account;
  const { choose: w } = words;
  const items = records.map(
    ({ key, personName, practiceName, relation }) =>
      html`<li><a href="/account/${key}${section}">${plain(personName)}</a><p>${practiceName}. ${relation === 'self' ? w.own : w.acts}.</p></li>`,
  );
  const title = records.length === 0 ? w.none : w.title;
  const body = html`
<h1>${title}</h1>
!${records.length === 0 ? html`<p>${w.noneText}</p>` : html`<p class="hint">${w.hint}</p><ul class="list">!${items.join('')}</ul>`}
<p class="quiet"><a href="/account/security">${words.security}</a></p>`;
  return layout(frame, { title, body });
}
