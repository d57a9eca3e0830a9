import { getMessages, type PageContext } from '../../i18n/index.ts';
import type { Html } from '../../kernel/index.ts';
import { layout, navigationLinks, type PageContent } from '../../web-pages/index.ts';

/**
 * Renders a public page that belongs to no practice, with links to the other public pages.
 * @param page content of the page; `here` is the path of the current page
 */
export function publicPage(
  context: PageContext,
  page: Omit<PageContent, 'navigation'> & { readonly here: string },
): Html {
  const { navigation, links: names } = getMessages(context.language).publicSite;
  const links = [
    { path: '/apps', text: names.apps },
    { path: '/service-base-urls', text: names.practices },
    { path: '/status', text: names.status },
  ];
  return layout(context, { ...page, navigation: navigationLinks(navigation, links, page.here) });
}
