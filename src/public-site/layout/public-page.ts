import type { PageContext } from '../../i18n/index.ts';
import type { Html } from '../../kernel/index.ts';
import { layout, type PageContent, publicHeader } from '../../web-pages/index.ts';

/**
 * Renders a public page that belongs to no practice, with links to the other public pages.
 * @param page content of the page; `here` is the path of the current page
 */
export const publicPage = (context: PageContext, page: Omit<PageContent, 'header'> & { readonly here: string }): Html =>
  layout(context, { ...page, header: publicHeader(context, page.here) });
