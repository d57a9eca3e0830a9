import type { PageContext } from '../../i18n/index.ts';
import type { Session } from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { layout, type NavigationLink, navigationLinks, signOutForm } from '../../web-pages/index.ts';

export const ADMINISTRATION_PATH = '/practice/administration';
export const ADMINISTRATORS_PATH = `${ADMINISTRATION_PATH}/administrators`;

const ADMINISTRATION_LINKS: readonly NavigationLink[] = [
  { path: ADMINISTRATION_PATH, text: 'Practices' },
  { path: ADMINISTRATORS_PATH, text: 'Administrators' },
  { path: '/review', text: 'App review' },
  { path: '/outbox', text: 'Outbox' },
  { path: '/practice', text: 'Your practices' },
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
  const footer = html`
<p class="person desk-person">Signed in as <b>${session.displayName}</b>, administrator</p>
${signOutForm(pageContext, csrf)}`;
  return layout(pageContext, {
    title,
    body: html`${page.body}${footer}`,
    navigation: navigationLinks('Administration', ADMINISTRATION_LINKS, currentPath),
    wide,
  });
}
