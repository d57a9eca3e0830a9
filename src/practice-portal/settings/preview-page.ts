import { getMessages, type PageContext } from '../../i18n/index.ts';
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
  const messages = getMessages(pageContext.language).practicePortal.settings.previewPage;
  const lines = address.split('\n').filter((line) => line !== '');
  const body = html`
<p class="back"><a href="${back}">${messages.back}</a></p>
<h1>${messages.heading(pageContext.brand.name)}</h1>
<p class="lead">${messages.lead}</p>
<div class="note"><p>${messages.noteHtml(back)}</p></div>
${
  lines.length === 0
    ? ''
    : html`<h2>${messages.address}</h2><p>${joinHtml(
        [pageContext.brand.name, ...lines].map((line) => html`${line}`),
        html`<br>`,
      )}</p>`
}
<form method="get" action="${back}"><button>${messages.button}</button></form>`;
  return layout(pageContext, { title: messages.title, body });
}
