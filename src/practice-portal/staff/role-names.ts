import { STAFF_ROLES, type StaffRole } from '../../identity/index.ts';
import { ROLE_NAMES } from '../roles.ts';

/** Joins the names of staff roles, for example "clinician and privacy officer". */
export function formatRoles(roles: readonly StaffRole[]): string {
  const names = STAFF_ROLES.filter((role) => roles.includes(role)).map((role) => ROLE_NAMES[role]);
  return names.length < 2 ? (names[0] ?? 'no role') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Descriptions of the staff roles for the administrator who assigns them. */
export const ROLE_HINTS: Readonly<Record<StaffRole, string>> = {
  clinician: 'Finds patients and opens apps from their charts.',
  'front-desk': 'Finds patients and enrolls them.',
  'privacy-officer': 'Sees which apps read which patients’ data.',
  administrator: 'Manages the practice settings and staff, and turns the API on or off.',
};
