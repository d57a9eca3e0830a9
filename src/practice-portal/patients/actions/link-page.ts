import { renderSVG } from 'uqr';
import { type Html, html, raw } from '../../../kernel/index.ts';
import { renderActionPage } from './action-page.ts';
import type { PatientAdminContext } from './patient-action.ts';

/**
 * Renders a page that shows a link once, with a QR code, to be handed to the person.
 * @param about instructions for the person who opens the link, as plain text
 */
export function renderLinkPage(context: PatientAdminContext, name: string, link: string, about: string): Html {
  const { done, linkTitle } = context.messages.patientAccount;
  const body = html`
<p>${about}</p>
<div class="qr-alone">${raw(renderSVG(link, { ecc: 'M', border: 2 }))}</div>
<p><code class="long" translate="no">${link}</code></p>
<p><a href="${context.patientPath}">${done}</a></p>`;
  return renderActionPage(context, { title: linkTitle(name), intro: body });
}
