import { getMessages, type PageContext } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { hiddenField, textField } from '../../web-pages/index.ts';

/** Returns the search text from a query string as one line of at most 200 characters. */
export const searchText = (query: unknown): string => {
  const { q } = (query ?? {}) as { readonly q?: unknown };
  return typeof q === 'string' ? q.toWellFormed().replaceAll(/\p{C}/gu, ' ').trim().slice(0, 200) : '';
};

/** Converts a text to lower case and removes its accents, so that searches ignore both. */
const foldText = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Returns whether each searched word occurs in at least one of the texts. */
export function matchesWords(words: string, texts: readonly (string | null | undefined)[]): boolean {
  const all = foldText(texts.filter((text) => text != null).join('\n'));
  return foldText(words)
    .split(/\s+/)
    .every((word) => all.includes(word));
}

export function searchForm(
  context: PageContext,
  form: {
    path: string;
    label: string;
    hint: string;
    words: string;
    /** Other parameters of the page, which the search keeps. */
    kept?: Readonly<Record<string, string>>;
  },
): Html {
  const { search, all } = getMessages(context.language).publicSite;
  const { path, label, hint, words, kept = {} } = form;
  return html`
<search class="search"><form method="get" action="${path}">${Object.entries(kept).map(([name, value]) => hiddenField(name, value))}
  ${textField(context, { name: 'q', label, hint, value: words, type: 'search', autocomplete: 'off', maxlength: 200 }, [])}
  <button>${search}</button>
</form></search>
${words === '' ? '' : html`<p class="after"><a href="${path}">${all}</a></p>`}`;
}
