import { getMessages, type PageContext } from '../i18n/index.ts';
import { emptyHtml, type Html, html } from '../kernel/index.ts';

/** A list that is shown in pages. */
export interface Pagination {
  readonly path: string;
  /** Parameters of the list, such as a search, that each page keeps. */
  readonly query?: Readonly<Record<string, string>>;
  /** Number of the shown page, from 1. */
  readonly page: number;
  readonly pages: number;
}

/** Renders links to the previous and the next page of a list. Empty if the list has one page. */
export function pagination({ language }: PageContext, { path, query, page, pages }: Pagination): Html {
  if (pages <= 1) return emptyHtml;
  const { pagination: messages } = getMessages(language).common;
  const link = (number: number, rel: string, text: string): Html =>
    html`<li><a class="button secondary" rel="${rel}" href="${path}?${new URLSearchParams({ ...query, page: String(number) })}">${text}</a></li>`;
  return html`
<nav class="pager" aria-label="${messages.page(page, pages)}"><p>${messages.page(page, pages)}</p><ul class="actions">${page > 1 ? link(page - 1, 'prev', messages.previous) : ''}${page < pages ? link(page + 1, 'next', messages.next) : ''}</ul></nav>`;
}

/** Returns the number of the requested page, from 1. Anything that isn't such a number counts as the first page. */
export function requestedPage(value: unknown): number {
  return typeof value === 'string' && /^[1-9]\d{0,4}$/.test(value) ? Number(value) : 1;
}
