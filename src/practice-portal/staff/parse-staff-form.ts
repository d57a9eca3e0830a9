import { getMessages, type Language } from '../../i18n/index.ts';
import { STAFF_ROLES } from '../../identity/index.ts';
import { isEmailAddress, normalizeEmailAddress } from '../../kernel/index.ts';
import type { FormFieldError } from '../../web-pages/index.ts';
import { checkedValues, formField, isValidName, nameField } from '../form-fields.ts';
import type { StaffAssignment } from './change-staff.ts';

export interface DirectoryPractitioner {
  readonly id: string;
  readonly name: string;
}

export interface ParsedAssignment extends StaffAssignment {
  readonly errors: readonly FormFieldError[];
}

/**
 * Parses the roles and the directory entry of a person. Only clinicians can have a directory entry, because apps that
 * they open act in the name of the practitioner in that entry.
 */
export function parseAssignment(
  language: Language,
  form: unknown,
  directory: readonly DirectoryPractitioner[],
): ParsedAssignment {
  const messages = getMessages(language).practicePortal.staff.errors;
  const checked = checkedValues(form, 'roles');
  const roles = STAFF_ROLES.filter((role) => checked.includes(role));
  const chosen = formField(form, 'practitioner');
  const isListed = directory.some(({ id }) => id === chosen);
  const practitionerId = roles.includes('clinician') && isListed ? chosen : undefined;
  const errors = [
    ...(roles.length > 0 && roles.length === checked.length ? [] : [{ field: 'roles', message: messages.roles }]),
    ...(chosen === '' || isListed ? [] : [{ field: 'practitioner', message: messages.practitioner }]),
    ...(chosen !== '' && isListed && !roles.includes('clinician')
      ? [{ field: 'practitioner', message: messages.notClinician }]
      : []),
  ];
  return { roles, practitionerId, errors };
}

export interface ParsedStaffInvitation extends ParsedAssignment {
  readonly name: string;
  /** Normalized email address. Empty if the link is handed over in person. */
  readonly email: string;
}

export function parseStaffInvitation(
  language: Language,
  form: unknown,
  directory: readonly DirectoryPractitioner[],
): ParsedStaffInvitation {
  const job = parseAssignment(language, form, directory);
  const person = parseInvitee(language, form);
  return { ...job, ...person, errors: [...person.errors, ...job.errors] };
}

export function parseInvitee(
  language: Language,
  form: unknown,
): { name: string; email: string; errors: readonly FormFieldError[] } {
  const messages = getMessages(language).practicePortal.staff.errors;
  const name = nameField(form, 'name');
  const email = normalizeEmailAddress(formField(form, 'email'));
  const errors = [
    ...(isValidName(name) ? [] : [{ field: 'name', message: messages.name }]),
    ...(email === '' || isEmailAddress(email) ? [] : [{ field: 'email', message: messages.email }]),
  ];
  return { name, email, errors };
}
