import { getMessages, type PageContext } from '../i18n/index.ts';
import { type Html, html } from '../kernel/index.ts';
import type { NoRecordPage } from '../oauth/index.ts';
import { layout } from './layout.ts';

/**
 * Renders the page for a signed-in developer whose app requests a patient's data. A developer account has no records,
 * so the page offers to sign in with another account.
 */
export function noRecordPage(page: NoRecordPage, pageContext: PageContext): Html {
  const messages = getMessages(pageContext.language).signUp.noRecord;
  const body = html`
<h1>${messages.title}</h1>
<p class="lead">${messages.text(page.appName, page.personName)}</p>
${page.sandbox ? html`<p>${messages.sandbox}</p>` : ''}
<p class="after"><a class="button" href="${page.switchAccountPath}">${messages.button}</a></p>`;
  return layout(pageContext, { title: messages.title, body });
}
