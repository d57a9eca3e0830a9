import { getMessages, type Language, type Messages, type PageContext } from '../i18n/index.ts';
import type { StaffPosition, StaffRole } from '../identity/index.ts';
import type { Html, PatientId } from '../kernel/index.ts';
import { layout, type NavigationLink, type PageHeader, signedInUser } from '../web-pages/index.ts';
import { hasRole, type StaffContext } from './roles.ts';

/** Returns the path of a staff page of the practice. */
export const practicePath = (practiceId: StaffPosition['practiceId'], page: string): string =>
  `/practice/${practiceId}/${page}`;

/** Roles that may open the list of patients. */
const PATIENT_ROLES: readonly StaffRole[] = ['front-desk', 'administrator', 'clinician', 'privacy-officer'];

/** Returns the path of the app launcher. It keeps the patient whose page is open. */
export function launcherPath({ practiceId }: StaffPosition, patientId?: PatientId): string {
  const query = patientId === undefined ? '' : `?${new URLSearchParams({ patient: `${practiceId}-${patientId}` })}`;
  return `/practice/launch${query}`;
}

interface StaffSection {
  readonly page: Exclude<keyof Messages['practicePortal']['shared']['nav'], 'label' | 'launch' | 'search'>;
  /** Roles that may open the page. A staff member needs one of them. */
  readonly roles: readonly StaffRole[];
}

/**
 * Main pages in the navigation of a practice. The app launcher is not listed here: it is only for clinicians who are
 * linked to a practitioner in the practice's directory.
 */
const STAFF_SECTIONS: readonly StaffSection[] = [
  { page: 'patients', roles: PATIENT_ROLES },
  { page: 'apps', roles: ['administrator', 'privacy-officer'] },
  { page: 'disclosures', roles: ['privacy-officer'] },
  { page: 'feeds', roles: ['administrator', 'privacy-officer'] },
  { page: 'settings', roles: ['administrator'] },
  { page: 'staff', roles: ['administrator'] },
];

/**
 * Returns the navigation with the main pages that the staff member may open.
 */
function staffNavigation(
  language: Language,
  job: StaffPosition,
  { currentPath, hasSearch = false, patientId }: Pick<StaffPage, 'currentPath' | 'hasSearch' | 'patientId'>,
): PageHeader['navigation'] {
  const { nav } = getMessages(language).practicePortal.shared;
  const sections = STAFF_SECTIONS.filter(({ roles }) => hasRole(job, ...roles)).map(
    ({ page }): NavigationLink => ({ path: practicePath(job.practiceId, page), text: nav[page] }),
  );
  const canLaunchApps = hasRole(job, 'clinician') && job.practitionerId !== undefined;
  const apps: NavigationLink = { path: launcherPath(job, patientId), text: nav.launch };
  const [patients, ...others] = sections;
  const links = [...(patients === undefined ? [] : [patients]), ...(canLaunchApps ? [apps] : []), ...others];
  const search = hasRole(job, ...PATIENT_ROLES)
    ? { path: practicePath(job.practiceId, 'patients'), parameter: 'words', label: nav.search, isOnPage: hasSearch }
    : undefined;
  return { label: nav.label(job.practiceName), links, currentPath, search };
}

export interface StaffPage extends StaffContext {
  readonly title: string;
  readonly body: Html;
  /** Path of the navigation entry to mark as current: the displayed page, or the main page that it belongs to. */
  readonly currentPath: string;
  /** Whether the page has the search for patients itself, so that the header doesn't repeat it. */
  readonly hasSearch?: boolean;
  readonly csrf: string;
  /** The patient that the page is about. */
  readonly patientId?: PatientId;
}

/** Renders a staff page with navigation and the signed-in staff member. */
export function renderStaffPage(pageContext: PageContext, page: StaffPage): Html {
  const { title, body, csrf, session, job } = page;
  return layout(pageContext, {
    title,
    body,
    dense: true,
    header: {
      navigation: staffNavigation(pageContext.language, job, page),
      user: signedInUser(pageContext, { ...session, csrf }, job.practiceName),
    },
  });
}
