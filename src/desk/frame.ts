import { html } from 'ghtml';
import { layout, signOutForm, type Way, ways } from '../pages/index.ts';
import type { Job, Role } from '../people/index.ts';
import type { Frame } from '../words/index.ts';
import { type AtDesk, hasRole } from './roles.ts';

/** Path of a staff page of the practice. */
export const deskPath = (practiceId: Job['practiceId'], page: string): string => `/practice/${practiceId}/${page}`;

interface Section {
  readonly page: string;
  readonly text: string;
  /** Roles of which at least one is required. */
  readonly roles: readonly Role[];
}

/** Excludes the launcher, which is only for clinicians who are linked to a practitioner in the practice's directory. */
const SECTIONS: readonly Section[] = [
  { page: 'patients', text: 'Patients', roles: ['front-desk', 'administrator', 'clinician', 'privacy-officer'] },
  { page: 'apps', text: 'Patients’ apps', roles: ['administrator', 'privacy-officer'] },
  { page: 'disclosures', text: 'Who read what', roles: ['privacy-officer'] },
  { page: 'settings', text: 'Practice page', roles: ['administrator'] },
  { page: 'staff', text: 'Staff', roles: ['administrator'] },
];

/**
 * Renders the navigation with the main pages that the staff member may open.
 * @param currentPath path of the main page that the current page is, or belongs to
 */
export function deskNavigation(job: Job, currentPath: string): string {
  const sections = SECTIONS.filter(({ roles }) => hasRole(job, ...roles)).map(
    ({ page, text }): Way => ({ path: deskPath(job.practiceId, page), text }),
  );
  const canLaunchApps = hasRole(job, 'clinician') && job.practitionerId !== undefined;
  const apps: Way = { path: '/practice/launch', text: 'Open an app' };
  const [patients, ...others] = sections;
  const links = [...(patients === undefined ? [] : [patients]), ...(canLaunchApps ? [apps] : []), ...others];
  return ways(`Desk of ${job.practiceName}`, links, currentPath);
}

export interface DeskPage extends AtDesk {
  readonly title: string;
  /** Escaped HTML. */
  readonly body: string;
  /** Path of the main page that this page is, or belongs to. */
  readonly here: string;
  readonly csrf: string;
  /** Whether the page needs the wide layout for lists and tables. */
  readonly wide?: boolean;
}

/** Renders a staff page with navigation and the signed-in staff member. */
export function deskPage(
  pageContext: Frame,
  { title, body, here: currentPath, csrf, wide, session, job }: DeskPage,
): string {
  const footer = html`
<p class="person desk-person">Signed in as <b>${session.displayName}</b> at ${job.practiceName}</p>
!${signOutForm(pageContext, csrf)}`;
  const navigation = deskNavigation(job, currentPath);
  return layout(pageContext, { title, body: `${body}${footer}`, navigation, ...(wide === undefined ? {} : { wide }) });
}
