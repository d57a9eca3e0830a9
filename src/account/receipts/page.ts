import { html } from 'ghtml';
import { sameBytes, sha256 } from '../../kernel/index.ts';
import { accountPage, backTo, factList } from '../page.ts';
import type { Place } from '../place.ts';
import { plain } from '../plain.ts';
import { whenOf } from '../times.ts';
import type { Receipt } from './store.ts';

export function receiptsPage(context: Place, receipts: readonly Receipt[]): string {
  const { words: messages, base: basePath, who: patientName } = context;
  const { agreed: w } = messages;
  const items = receipts.map(
    ({ receipt_id, app, at }) =>
      html`<li><a href="${basePath}/receipts/${receipt_id}">${plain(app)}</a><p>${w.on(whenOf(context, at))}</p></li>`,
  );
  const body = html`
<h1>${w.title(patientName)}</h1>
<p>${w.lead}</p>
!${receipts.length === 0 ? html`<p class="lead">${w.none}</p>` : html`<ul class="list">!${items.join('')}</ul>`}`;
  return accountPage(context, { title: w.title(patientName), body, under: '/receipts' });
}

/** Shows the consent text exactly as it was agreed to, in its original language. */
export function receiptPage(context: Place, receipt: Receipt): string {
  const { words: messages, base: basePath } = context;
  const { agreed: w } = messages;
  const { app, at, wording, language, content, hash, receipt_id } = receipt;
  const title = w.one(plain(app));
  const unchanged = sameBytes(sha256(content), hash);
  const body = html`
!${backTo(`${basePath}/receipts`, messages.receipts)}
<h1>${title}</h1>
<p class="lead">${w.on(whenOf(context, at))}</p>
!${unchanged ? '' : html`<div class="fault" role="alert"><p>${w.changed}</p></div>`}
<div class="receipt" lang="${language}">${content}</div>
<p><a href="${basePath}/receipts/${receipt_id}/text">${w.save}</a></p>
!${factList([
    [w.wording, html`${wording}`],
    [w.hash, html`<code class="long">${hash.toString('hex')}</code><br><span class="hint">${w.hashHint}</span>`],
  ])}`;
  return accountPage(context, { title, body, under: '/receipts' });
}
