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
  /** Path of the main page that this one is, or belongs to. */
  readonly here: string;
  readonly csrf: string;
  readonly session: Session;
  /** For lists and tables. */
  readonly wide?: boolean;
}

/** A page of whoever runs the installation. */
export function administrationPage(frame: Frame, page: AdministrationPage): string {
  const { title, here, session, csrf, wide = false } = page;
  const foot = html`
<p class="person desk-person">Signed in as <b>${session.displayName}</b>, administrator</p>
!${signOutForm(frame, csrf)}`;
  return layout(frame, { title, body: `${page.body}${foot}`, navigation: ways('Administration', WAYS, here), wide });
}
