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
<p class="back"><a href="${back}">Back to the practice page</a></p>
<h1>This is how patients see ${pageContext.brand.name}</h1>
<p class="lead">Above is the name with the logo, below is whom they can ask. Links and buttons have the practice’s color.</p>
<div class="note"><p>A note looks like this, with <a href="${back}">a link</a> in it.</p></div>
${
  lines.length === 0
    ? ''
    : html`<h2>On letters</h2><p>${joinHtml(
        [pageContext.brand.name, ...lines].map((line) => html`${line}`),
        html`<br>`,
      )}</p>`
}
<form method="get" action="${back}"><button>A button looks like this</button></form>`;
  return layout(pageContext, { title: 'Preview', body });
}
