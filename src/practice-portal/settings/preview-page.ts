import type { PageContext } from '../../i18n/index.ts';
import { type Html, html, joinHtml } from '../../kernel/index.ts';
import { layout } from '../../web-pages/index.ts';

/**
 * Renders a sample page in the practice's brand, as patients see it. Its controls have no effect.
 * @param back path of the page to return to
 */
export function renderPreviewPage(
  pageContext: PageContext,
  { back, address }: { readonly back: string; readonly address: string },
): Html {
  const lines = address.split('\n').filter((line) => line !== '');
  const body = html`
<p class="back"><a href="${back}">Back to practice settings</a></p>
<h1>This is how patients see ${pageContext.brand.name}</h1>
<p class="lead">The name and logo are at the top, and the contact details are at the bottom. Links and buttons have the practice’s color.</p>
<div class="note"><p>This is a sample note with <a href="${back}">a link</a>.</p></div>
${
  lines.length === 0
    ? ''
    : html`<h2>Address on letters</h2><p>${joinHtml(
        [pageContext.brand.name, ...lines].map((line) => html`${line}`),
        html`<br>`,
      )}</p>`
}
<form method="get" action="${back}"><button>Sample button</button></form>`;
  return layout(pageContext, { title: 'Preview', body });
}
