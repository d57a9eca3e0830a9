import { getMessages } from '../../i18n/index.ts';
import { constantTimeEqual, type Html, html, sha256 } from '../../kernel/index.ts';
import { summarizeChoices } from '../../oauth/index.ts';
import { PRINT_SCRIPTS, pagination, printButton } from '../../web-pages/index.ts';
import { formatMinute } from '../date-format.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { backLink, definitionList, renderPortalPage } from '../portal-page.ts';
import { sanitizeText } from '../sanitize-text.ts';
import type { ConsentReceiptRow, ReceiptsPage } from './store.ts';

/**
 * Renders one page of the list of receipts.
 * @param grantId connection to which the list is limited; undefined: receipts of all connections
 */
export function renderReceiptsPage(
  context: PatientPortalContext,
  { receipts, page, pages }: ReceiptsPage,
  grantId: string | undefined,
): Html {
  const { messages, basePath, patientName, pageContext } = context;
  const { receipt: w } = messages;
  const items = receipts.map(
    ({ receipt_id, app, at }) =>
      html`<li><a href="${basePath}/receipts/${receipt_id}">${sanitizeText(app)}</a><p>${w.on(formatMinute(context, at))}</p></li>`,
  );
  const body = html`
<h1>${w.title(patientName)}</h1>
<p>${w.lead}</p>
${receipts.length === 0 ? html`<section class="empty-state"><p>${w.none}</p><p><a class="button" href="/apps">${messages.connections.gallery}</a></p></section>` : html`<ul class="list links">${items}</ul>`}
${grantId === undefined ? '' : html`<p class="after"><a href="${basePath}/receipts">${w.all}</a></p>`}
${pagination(pageContext, { path: `${basePath}/receipts`, query: grantId === undefined ? {} : { app: grantId }, page, pages })}`;
  return renderPortalPage(context, { title: w.title(patientName), body, section: '/receipts' });
}

/**
 * Renders a consent receipt: in short, in the reader's language; and when opened, the text exactly as the person agreed
 * to it, in its original language.
 */
export function renderReceiptPage(context: PatientPortalContext, receipt: ConsentReceiptRow): Html {
  const { messages, basePath, pageContext } = context;
  const { receipt: w } = messages;
  const { app, at, wording, language, content, hash, receipt_id } = receipt;
  const title = w.one(sanitizeText(app));
  const unchanged = constantTimeEqual(sha256(content), hash);
  const body = html`
${backLink(`${basePath}/receipts`, messages.receipts)}
<h1>${title}</h1>
<p class="lead">${w.on(formatMinute(context, at))}</p>
${unchanged ? '' : html`<div class="error-summary" role="alert"><p>${w.changed}</p></div>`}
${receiptSummary(context, receipt)}
<details class="receipt-text"><summary>${w.exactWords}</summary><div class="receipt" lang="${language}">${content}</div></details>
<p class="unprinted"><a class="button secondary" href="${basePath}/receipts/${receipt_id}/text">${w.save}</a></p>
${printButton(getMessages(pageContext.language).common.print)}
${definitionList([
  [w.wording, html`${wording}`],
  [w.hash, html`<code class="long">${hash.toString('hex')}</code><br><span class="hint">${w.hashHint}</span>`],
])}`;
  return renderPortalPage(context, { title, body, section: '/receipts', scripts: PRINT_SCRIPTS });
}

/** Says in one line each what was shared and what was left out. Sensitive data is in the exact text only. */
function receiptSummary(
  { messages: { receipt: w }, pageContext }: PatientPortalContext,
  { asked, unticked }: ConsentReceiptRow,
): Html {
  const choices = { itemKeys: asked, declinedKeys: unticked };
  const { shared, notShared } = summarizeChoices(choices, pageContext.language);
  const leftOut = notShared.map(({ heading, isWhole }) => (isWhole ? heading : w.partOf(heading)));
  return html`
<p>${w.sharedInShort(shared.map(({ heading }) => heading))}${leftOut.length > 0 && ` ${w.leftOutInShort(leftOut)}`}</p>`;
}
