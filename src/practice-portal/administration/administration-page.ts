import { getMessages, type Messages, type PageContext } from '../../i18n/index.ts';
import type { Session } from '../../identity/index.ts';
import type { Html } from '../../kernel/index.ts';
import { layout, type NavigationLink, signedInUser } from '../../web-pages/index.ts';

export const ADMINISTRATION_PATH = '/practice/administration';
export const ADMINISTRATORS_PATH = `${ADMINISTRATION_PATH}/administrators`;

const administrationLinks = ({ links }: Messages['practicePortal']['administration']): readonly NavigationLink[] => [
  { path: ADMINISTRATION_PATH, text: links.practices },
  { path: ADMINISTRATORS_PATH, text: links.administrators },
  { path: '/review', text: links.review },
  { path: '/outbox', text: links.outbox },
  { path: '/practice', text: links.ownPractices },
];

export interface AdministrationPage {
  readonly title: string;
  readonly body: Html;
  /** Path of the navigation entry to mark as current: the displayed page, or the main page that it belongs to. */
  readonly currentPath: string;
  readonly csrf: string;
  readonly session: Session;
}

/** Renders a page for administrators of the installation. */
export function renderAdministrationPage(pageContext: PageContext, page: AdministrationPage): Html {
  const { title, currentPath, session, csrf } = page;
  const { administration } = getMessages(pageContext.language).practicePortal;
  return layout(pageContext, {
    title,
    body: page.body,
    dense: true,
    header: {
      navigation: { label: administration.navigation, links: administrationLinks(administration), currentPath },
      user: signedInUser(pageContext, { ...session, csrf }, administration.administrator),
    },
  });
}
