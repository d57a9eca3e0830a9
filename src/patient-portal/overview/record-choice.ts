import { getMessages } from '../../i18n/index.ts';
import type { AccountPageContext } from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { accountHeader, layout } from '../../web-pages/index.ts';
import type { PortalSection } from '../portal-page.ts';
import type { PortalRecord } from '../portal-records.ts';
import { sanitizeText } from '../sanitize-text.ts';

/**
 * Renders the page on which a person with several records chooses one. No record is ever chosen by default.
 * @param section page of the record that each link opens
 */
export function renderRecordChoicePage(
  pageContext: AccountPageContext,
  records: readonly PortalRecord[],
  section: PortalSection,
): Html {
  const messages = getMessages(pageContext.language).patientPortal;
  const { recordChoice: w } = messages;
  const items = records.map(
    ({ key, personName, practiceName, relation }) =>
      html`<li><h2><a href="/account/${key}${section}">${sanitizeText(personName)}</a></h2><p>${practiceName}. ${relation === 'self' ? w.own : w.acts}.</p></li>`,
  );
  const title = records.length === 0 ? w.none : w.title;
  const body = html`
<h1>${title}</h1>
${records.length === 0 ? html`<p>${w.noneText}</p>` : html`<p class="lead">${w.hint}</p><ul class="cards">${items}</ul>`}
<p class="after"><a href="/account/security">${messages.security}</a></p>`;
  return layout(pageContext, { title, body, header: accountHeader(pageContext, '/account') });
}
