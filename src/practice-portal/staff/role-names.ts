import { formatList, getMessages, type Language } from '../../i18n/index.ts';
import { STAFF_ROLES, type StaffRole } from '../../identity/index.ts';

/** Joins the names of staff roles, for example "clinician and privacy officer". */
export function formatRoles(language: Language, roles: readonly StaffRole[]): string {
  const { shared } = getMessages(language).practicePortal;
  const names = STAFF_ROLES.filter((role) => roles.includes(role)).map((role) => shared.roles[role]);
  return names.length === 0 ? shared.noRole : formatList(language, names);
}
