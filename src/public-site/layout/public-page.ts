import { getMessages, type PageContext } from '../../i18n/index.ts';
import type { Html } from '../../kernel/index.ts';
import { layout, type PageContent } from '../../web-pages/index.ts';

/**
 * Renders a public page that belongs to no practice, with links to the other public pages.
 * @param page content of the page; `here` is the path of the current page
 */
export function publicPage(context: PageContext, page: Omit<PageContent, 'header'> & { readonly here: string }): Html {
  const { navigation, links: names } = getMessages(context.language).publicSite;
  const links = [
    { path: '/apps', text: names.apps },
    { path: '/service-base-urls', text: names.practices },
    { path: '/status', text: names.status },
    { path: '/docs', text: names.docs },
    { path: '/developer', text: names.developers },
  ];
  return layout(context, { ...page, header: { navigation: { label: navigation, links, currentPath: page.here } } });
}
