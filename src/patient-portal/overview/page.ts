import { getMessages, type PageContext } from '../../i18n/index.ts';
import { emptyHtml, type Html, html } from '../../kernel/index.ts';
import { layout } from '../../web-pages/index.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { type PortalSection, renderPortalPage } from '../portal-page.ts';
import type { PortalRecord } from '../portal-records.ts';
import { sanitizeText } from '../sanitize-text.ts';

export interface OverviewData {
  /** Number of connected apps. undefined if they couldn't be read. */
  readonly connectedApps: number | undefined;
  /** Who last read data of the record, and when. undefined if the record was never read. */
  readonly lastRead: { readonly who: string; readonly when: string } | undefined;
  /** Email address of the signed-in account. */
  readonly email: string | undefined;
  readonly unconfirmedEmail: string | undefined;
}

export function renderOverviewPage(context: PatientPortalContext, overview: OverviewData): Html {
  const { connectedApps, lastRead } = overview;
  const { messages, basePath, patientName, record } = context;
  const { home: w } = messages;
  const apps =
    connectedApps === undefined ? w.appsUnavailable : connectedApps === 0 ? w.appsNone : w.appsSome(connectedApps);
  const log = lastRead === undefined ? w.logNone : w.logLast(lastRead.who, lastRead.when);
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
${unconfirmedNote(context, overview)}
${record.apiEnabled ? '' : html`<div class="note"><p>${messages.closed}</p></div>`}
<ul class="cards">${cards.map(([path, title, text]) => html`<li><h2><a href="${path}">${title}</a></h2><p>${text}</p></li>`)}</ul>`;
  return renderPortalPage(context, { title: w.title(patientName), body, section: '' });
}

function unconfirmedNote(
  { messages: { home: w } }: PatientPortalContext,
  { email, unconfirmedEmail }: OverviewData,
): Html {
  if (unconfirmedEmail === undefined) return emptyHtml;
  const text = email === undefined ? w.unconfirmed(unconfirmedEmail) : w.unconfirmedChange(unconfirmedEmail, email);
  return html`<div class="note"><p>${text} <a href="/account/security/email/confirm">${w.confirmAgain}</a></p></div>`;
}

/**
 * Renders the page on which a person with several records chooses one. No record is ever chosen by default.
 * @param section page of the record that each link opens
 */
export function renderRecordChoicePage(
  pageContext: PageContext,
  records: readonly PortalRecord[],
  section: PortalSection,
): Html {
  const messages = getMessages(pageContext.language).patientPortal;
  const { recordChoice: w } = messages;
  const items = records.map(
    ({ key, personName, practiceName, relation }) =>
      html`<li><a href="/account/${key}${section}">${sanitizeText(personName)}</a><p>${practiceName}. ${relation === 'self' ? w.own : w.acts}.</p></li>`,
  );
  const title = records.length === 0 ? w.none : w.title;
  const body = html`
<h1>${title}</h1>
${records.length === 0 ? html`<p>${w.noneText}</p>` : html`<p class="hint">${w.hint}</p><ul class="list">${items}</ul>`}
<p class="quiet"><a href="/account/security">${messages.security}</a></p>`;
  return layout(pageContext, { title, body });
}
