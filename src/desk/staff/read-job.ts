import { foldAddress, isAddress } from '../../mail/index.ts';
import type { FieldFault } from '../../pages/index.ts';
import { ROLES } from '../../people/index.ts';
import { fieldOf, isName, nameIn, tickedOf } from '../given.ts';
import type { NewJob } from './change.ts';

export interface Practitioner {
  readonly id: string;
  readonly name: string;
}

export interface ReadJob extends NewJob {
  readonly faults: readonly FieldFault[];
}

/** Parses roles and directory entry. Only clinicians can have a directory entry, because apps act in that name. */
export function readJob(form: unknown, directory: readonly Practitioner[]): ReadJob {
  const checked = tickedOf(form, 'roles');
  const roles = ROLES.filter((role) => checked.includes(role));
  const chosen = fieldOf(form, 'practitioner');
  const isListed = directory.some(({ id }) => id === chosen);
  const practitionerId = roles.includes('clinician') && isListed ? chosen : undefined;
  const errors = [
    ...(roles.length > 0 && roles.length === checked.length
      ? []
      : [{ field: 'roles', message: 'Choose at least one role' }]),
    ...(chosen === '' || isListed
      ? []
      : [{ field: 'practitioner', message: 'Choose somebody from the list, or nobody' }]),
    ...(chosen !== '' && isListed && !roles.includes('clinician')
      ? [{ field: 'practitioner', message: 'Choose nobody, or the role clinician too: only clinicians open apps' }]
      : []),
  ];
  return { roles, practitionerId, faults: errors };
}

export interface ReadInvitation extends ReadJob {
  readonly name: string;
  /** Normalized address; empty when the link is handed over in person. */
  readonly email: string;
}

export function readInvitation(form: unknown, directory: readonly Practitioner[]): ReadInvitation {
  const job = readJob(form, directory);
  const person = readPerson(form);
  return { ...job, ...person, faults: [...person.faults, ...job.faults] };
}

export function readPerson(form: unknown): { name: string; email: string; faults: readonly FieldFault[] } {
  const name = nameIn(form, 'name');
  const email = foldAddress(fieldOf(form, 'email'));
  const errors = [
    ...(isName(name) ? [] : [{ field: 'name', message: 'Enter the name of the person, in at most 100 characters' }]),
    ...(email === '' || isAddress(email)
      ? []
      : [{ field: 'email', message: 'Enter an e-mail address in the right form, such as name@example.org' }]),
  ];
  return { name, email, faults: errors };
}
