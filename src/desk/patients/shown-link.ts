import { html } from 'ghtml';
import { renderSVG } from 'uqr';
import { actPage } from './act-page.ts';
import type { AtPatient } from './acts.ts';

/** A link that is handed over, shown this once. @param about what whoever opens it has to know, as text */
export function shownLink(at: AtPatient, name: string, link: string, about: string): string {
  const body = html`
<p>${about}</p>
<div class="qr-alone">!${renderSVG(link, { ecc: 'M', border: 2 })}</div>
<p><code class="long" translate="no">${link}</code></p>
<p><a href="${at.path}">Done</a></p>`;
  return actPage(at, { title: `Link for ${name}`, about: body });
}
