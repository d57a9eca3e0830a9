import { layout, type Page, ways } from '../../../pages/index.ts';
import { type Frame, wordsIn } from '../../../words/index.ts';

/**
 * Renders a public page that belongs to no practice, with links to the other public pages. @param here
 * path of the current page
 */
export function publicPage(context: Frame, page: Omit<Page, 'navigation'> & { readonly here: string }): string {
  const { navigation, ways: names } = wordsIn(context.language).publicPages;
  const links = [
    { path: '/apps', text: names.apps },
    { path: '/service-base-urls', text: names.practices },
    { path: '/status', text: names.status },
  ];
  return layout(context, { ...page, navigation: ways(navigation, links, page.here) });
}
