import { ROLES, type Role } from '../../people/index.ts';
import { ROLE_NAMES } from '../roles.ts';

/** "clinician and privacy officer" */
export function rolesInWords(roles: readonly Role[]): string {
  const names = ROLES.filter((role) => roles.includes(role)).map((role) => ROLE_NAMES[role]);
  return names.length < 2 ? (names[0] ?? 'no role') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** What each role may do, for whoever gives it. */
export const ROLE_HINTS: Readonly<Record<Role, string>> = {
  clinician: 'Finds patients, opens apps from their charts.',
  'front-desk': 'Finds patients and enrolls them.',
  'privacy-officer': 'Sees which apps read whose data.',
  administrator: 'Changes the practice’s page, its staff and whether apps can read at all.',
};
