import { getMessages, type PageContext } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { layout } from '../../web-pages/index.ts';

/**
 * Page for an invitation that was used, failed, expired or never existed. The text is the same for all of them.
 * @param practice name of the practice; `undefined` if the invitation is unknown
 */
export function invitationEndedPage(pageContext: PageContext, practice: string | undefined): Html {
  const { over } = getMessages(pageContext.language).enrollment;
  const body = html`
<h1>${over.title}</h1>
<p class="lead">${practice === undefined ? over.askYours : over.ask(practice, pageContext.brand.phone)}</p>
<p>${over.why}</p>
<ul class="list plain-ways">
  <li><a href="/sign-in">${over.signIn}</a></li>
  <li><a href="/enroll">${over.typed}</a></li>
</ul>`;
  return layout(pageContext, { title: over.title, body });
}

/** Page for a browser in which an enrollment was started, if another browser has completed that enrollment. */
export function enrolledElsewherePage(pageContext: PageContext): Html {
  const { elsewhere } = getMessages(pageContext.language).enrollment;
  const body = html`
<h1>${elsewhere.title}</h1>
<p class="lead">${elsewhere.text}</p>
<p>${elsewhere.notYou(pageContext.brand.name, pageContext.brand.phone)}</p>
<form method="get" action="/account"><button>${elsewhere.signIn}</button></form>`;
  return layout(pageContext, { title: elsewhere.title, body });
}
