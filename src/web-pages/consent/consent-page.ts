import { getMessages, type PageContext } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import type { ConsentPage } from '../../oauth/index.ts';
import { consentStylesheetPath } from '../assets.ts';
import { hiddenField, signOutForm } from '../forms.ts';
import { layout } from '../layout.ts';
import { patientConsent } from './patient-consent.ts';
import { staffConsent } from './staff-consent.ts';

/**
 * Renders the consent page. Patients and representatives choose what an app may see and for how long; staff allow or
 * deny an app as a whole.
 */
export function consentPage(page: ConsentPage, pageContext: PageContext): Html {
  const { title, heading, content, after } =
    page.userKind === 'staff' ? staffConsent(page, pageContext.language) : patientConsent(page, pageContext.language);
  const { common, consent } = getMessages(pageContext.language);
  const body = html`
<form class="consent" method="post" action="${page.decisionPath}">
  ${hiddenField('csrf', page.csrf)}
  ${hiddenField('request', page.request)}
  ${hiddenField('offered', page.offerDigest)}
  ${page.record === undefined ? '' : hiddenField('record', page.record.key)}
  <h1>${heading}</h1>
  <p class="subtitle">${consent.hiHtml(page.personName)} <a href="${page.switchAccountPath}">${common.notYou}</a></p>
  ${page.app.provisional ? html`<div class="note"><p>${consent.provisional}</p></div>` : ''}
  ${page.changed ? html`<div class="note" role="alert"><p>${consent.changed}</p></div>` : ''}
  ${content}
</form>
${after}
${signOutForm(pageContext, page.csrf)}`;
  return layout(pageContext, { title, body, styles: [consentStylesheetPath] });
}
