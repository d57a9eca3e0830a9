import { getMessages, type Messages, type PageContext } from '../../i18n/index.ts';
import type { Session } from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { layout, type NavigationLink, navigationLinks, signOutForm } from '../../web-pages/index.ts';

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
  /** Whether the page needs the wide layout for lists and tables. */
  readonly wide?: boolean;
}

/** Renders a page for administrators of the installation. */
export function renderAdministrationPage(pageContext: PageContext, page: AdministrationPage): Html {
  const { title, currentPath, session, csrf, wide = false } = page;
  const { administration } = getMessages(pageContext.language).practicePortal;
  const footer = html`
<p class="person desk-person">${administration.signedInAsHtml(session.displayName)}</p>
${signOutForm(pageContext, csrf)}`;
  return layout(pageContext, {
    title,
    body: html`${page.body}${footer}`,
    navigation: navigationLinks(administration.navigation, administrationLinks(administration), currentPath),
    wide,
  });
}
