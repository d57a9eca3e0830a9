import { html } from 'ghtml';
import { renderSVG } from 'uqr';
import { actPage } from './act-page.ts';
import type { AtPatient } from './acts.ts';

/**
 * Shows a link once, with a QR code, to be handed to the person.
 * @param about instructions for the person who opens it, as plain text
 */
export function shownLink(context: AtPatient, name: string, link: string, about: string): string {
  const body = html`
<p>${about}</p>
<div class="qr-alone">!${renderSVG(link, { ecc: 'M', border: 2 })}</div>
<p><code class="long" translate="no">${link}</code></p>
<p><a href="${context.path}">Done</a></p>`;
  return actPage(context, { title: `Link for ${name}`, about: body });
}
