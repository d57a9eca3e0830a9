import { getMessages, type Language } from '../i18n/index.ts';
import { type Html, html } from '../kernel/index.ts';

/**
 * Renders the text that says that `/` focuses the search, with a button that turns this off and on. The script of
 * `SEARCH_KEY_SCRIPT` fills it in, and a page without the script doesn't show it. WCAG 2.2, 2.1.4
 */
export function searchKeySwitch(language: Language): Html {
  const { searchKey } = getMessages(language).common;
  const [on, off] = [JSON.stringify(searchKey.on), JSON.stringify(searchKey.off)];
  return html`<p class="search-key" data-search-key data-on="${on}" data-off="${off}" hidden><span></span> <button type="button"></button></p>`;
}
