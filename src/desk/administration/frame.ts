import { html } from 'ghtml';
import { layout, signOutForm, type Way, ways } from '../../pages/index.ts';
import type { Session } from '../../people/index.ts';
import type { Frame } from '../../words/index.ts';

export const ADMINISTRATION = '/practice/administration';
export const ADMINISTRATORS = `${ADMINISTRATION}/administrators`;

const WAYS: readonly Way[] = [
  { path: ADMINISTRATION, text: 'Practices' },
  { path: ADMINISTRATORS, text: 'Administrators' },
  { path: '/review', text: 'Review of apps' },
  { path: '/outbox', text: 'Mail' },
  { path: '/practice', text: 'Where you work' },
];

export interface AdministrationPage {
  readonly title: string;
  /** Escaped HTML. */
  readonly body: string;
  /** Path of the main page that this page is, or belongs to. */
  readonly here: string;
  readonly csrf: string;
  readonly session: Session;
  /** Whether the page needs the wide layout for lists and tables. */
  readonly wide?: boolean;
}

/** Renders a page of the installation's administration. */
export function administrationPage(pageContext: Frame, page: AdministrationPage): string {
  const { title, here: currentPath, session, csrf, wide = false } = page;
  const footer = html`
<p class="person desk-person">Signed in as <b>${session.displayName}</b>, administrator</p>
!${signOutForm(pageContext, csrf)}`;
  return layout(pageContext, {
    title,
    body: `${page.body}${footer}`,
    navigation: ways('Administration', WAYS, currentPath),
    wide,
  });
}
