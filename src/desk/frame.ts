import { html } from 'ghtml';
import { layout, signOutForm, type Way, ways } from '../pages/index.ts';
import type { Job, Role } from '../people/index.ts';
import type { Frame } from '../words/index.ts';
import { type AtDesk, hasRole } from './roles.ts';

/** Where the desk's pages of a practice are. */
export const deskPath = (practiceId: Job['practiceId'], page: string): string => `/practice/${practiceId}/${page}`;

interface Section {
  readonly page: string;
  readonly text: string;
  /** Any of them. */
  readonly roles: readonly Role[];
}

/** The launcher stands beside them: it is for clinicians who are somebody in the practice's directory. */
const SECTIONS: readonly Section[] = [
  { page: 'patients', text: 'Patients', roles: ['front-desk', 'administrator', 'clinician', 'privacy-officer'] },
  { page: 'apps', text: 'Patients’ apps', roles: ['administrator', 'privacy-officer'] },
  { page: 'disclosures', text: 'Who read what', roles: ['privacy-officer'] },
  { page: 'settings', text: 'Practice page', roles: ['administrator'] },
  { page: 'staff', text: 'Staff', roles: ['administrator'] },
];

/** The main pages of the desk that this person may open. @param here path of the one that is shown, or that it belongs to */
export function deskNavigation(job: Job, here: string): string {
  const sections = SECTIONS.filter(({ roles }) => hasRole(job, ...roles)).map(
    ({ page, text }): Way => ({ path: deskPath(job.practiceId, page), text }),
  );
  const launches = hasRole(job, 'clinician') && job.practitionerId !== undefined;
  const apps: Way = { path: '/practice/launch', text: 'Open an app' };
  const [patients, ...others] = sections;
  const links = [...(patients === undefined ? [] : [patients]), ...(launches ? [apps] : []), ...others];
  return ways(`Desk of ${job.practiceName}`, links, here);
}

export interface DeskPage extends AtDesk {
  readonly title: string;
  /** Escaped HTML. */
  readonly body: string;
  /** Path of the main page that this one is, or belongs to. */
  readonly here: string;
  readonly csrf: string;
  /** For lists and tables. */
  readonly wide?: boolean;
}

/** A page of the desk: where one is, and as whom. */
export function deskPage(frame: Frame, { title, body, here, csrf, wide, session, job }: DeskPage): string {
  const foot = html`
<p class="person desk-person">Signed in as <b>${session.displayName}</b> at ${job.practiceName}</p>
!${signOutForm(frame, csrf)}`;
  const navigation = deskNavigation(job, here);
  return layout(frame, { title, body: `${body}${foot}`, navigation, ...(wide === undefined ? {} : { wide }) });
}
