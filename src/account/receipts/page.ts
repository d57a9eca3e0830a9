import { html } from 'ghtml';
import { sameBytes, sha256 } from '../../kernel/index.ts';
import { accountPage, backTo, factList } from '../page.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import { whenOf } from '../times.ts';
import type { Receipt } from './store.ts';

export function receiptsPage(place: Place, receipts: readonly Receipt[]): string {
  const { words, base, who } = place;
  const { agreed: w } = words;
  const items = receipts.map(
    ({ receipt_id, app, at }) =>
      html`<li><a href="${base}/receipts/${receipt_id}">${plain(app)}</a><p>${w.on(whenOf(place, at))}</p></li>`,
  );
  const body = html`
<h1>${w.title(who)}</h1>
<p>${w.lead}</p>
!${receipts.length === 0 ? html`<p class="lead">${w.none}</p>` : html`<ul class="list">!${items.join('')}</ul>`}`;
  return accountPage(place, { title: w.title(who), body, under: '/receipts' });
}

/** The words as they were agreed to, in the language they were shown in. */
export function receiptPage(place: Place, receipt: Receipt): string {
  const { words, base } = place;
  const { agreed: w } = words;
  const { app, at, wording, language, content, hash, receipt_id } = receipt;
  const title = w.one(plain(app));
  const same = sameBytes(sha256(content), hash);
  const body = html`
!${backTo(`${base}/receipts`, words.receipts)}
<h1>${title}</h1>
<p class="lead">${w.on(whenOf(place, at))}</p>
!${same ? '' : html`<div class="fault" role="alert"><p>${w.changed}</p></div>`}
<div class="receipt" lang="${language}">${content}</div>
<p><a href="${base}/receipts/${receipt_id}/text">${w.save}</a></p>
!${factList([
    [w.wording, html`${wording}`],
    [w.hash, html`<code class="long">${hash.toString('hex')}</code><br><span class="hint">${w.hashHint}</span>`],
  ])}`;
  return accountPage(place, { title, body, under: '/receipts' });
}
