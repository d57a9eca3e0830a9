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
export function parseAssignment(form: unknown, directory: readonly DirectoryPractitioner[]): ParsedAssignment {
  const checked = checkedValues(form, 'roles');
  const roles = STAFF_ROLES.filter((role) => checked.includes(role));
  const chosen = formField(form, 'practitioner');
  const isListed = directory.some(({ id }) => id === chosen);
  const practitionerId = roles.includes('clinician') && isListed ? chosen : undefined;
  const errors = [
    ...(roles.length > 0 && roles.length === checked.length
      ? []
      : [{ field: 'roles', message: 'Choose at least one role' }]),
    ...(chosen === '' || isListed
      ? []
      : [{ field: 'practitioner', message: 'Choose a practitioner from the list, or “None”' }]),
    ...(chosen !== '' && isListed && !roles.includes('clinician')
      ? [{ field: 'practitioner', message: 'Choose “None”, or add the role clinician. Only clinicians can open apps' }]
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
  form: unknown,
  directory: readonly DirectoryPractitioner[],
): ParsedStaffInvitation {
  const job = parseAssignment(form, directory);
  const person = parseInvitee(form);
  return { ...job, ...person, errors: [...person.errors, ...job.errors] };
}

export function parseInvitee(form: unknown): { name: string; email: string; errors: readonly FormFieldError[] } {
  const name = nameField(form, 'name');
  const email = normalizeEmailAddress(formField(form, 'email'));
  const errors = [
    ...(isValidName(name) ? [] : [{ field: 'name', message: 'Enter the person’s name in at most 100 characters' }]),
    ...(email === '' || isEmailAddress(email)
      ? []
      : [{ field: 'email', message: 'Enter a valid email address, such as name@example.org' }]),
  ];
  return { name, email, errors };
}
