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

/** What the form says somebody does. Only a clinician is somebody in the directory: apps act in their name. */
export function readJob(form: unknown, directory: readonly Practitioner[]): ReadJob {
  const ticked = tickedOf(form, 'roles');
  const roles = ROLES.filter((role) => ticked.includes(role));
  const chosen = fieldOf(form, 'practitioner');
  const known = directory.some(({ id }) => id === chosen);
  const practitionerId = roles.includes('clinician') && known ? chosen : undefined;
  const faults = [
    ...(roles.length > 0 && roles.length === ticked.length
      ? []
      : [{ field: 'roles', message: 'Choose at least one role' }]),
    ...(chosen === '' || known ? [] : [{ field: 'practitioner', message: 'Choose somebody from the list, or nobody' }]),
    ...(chosen !== '' && known && !roles.includes('clinician')
      ? [{ field: 'practitioner', message: 'Choose nobody, or the role clinician too: only clinicians open apps' }]
      : []),
  ];
  return { roles, practitionerId, faults };
}

export interface ReadInvitation extends ReadJob {
  readonly name: string;
  /** Folded; '' to hand the link over. */
  readonly email: string;
}

export function readInvitation(form: unknown, directory: readonly Practitioner[]): ReadInvitation {
  const job = readJob(form, directory);
  const person = readPerson(form);
  return { ...job, ...person, faults: [...person.faults, ...job.faults] };
}

/** Who is invited. */
export function readPerson(form: unknown): { name: string; email: string; faults: readonly FieldFault[] } {
  const name = nameIn(form, 'name');
  const email = foldAddress(fieldOf(form, 'email'));
  const faults = [
    ...(isName(name) ? [] : [{ field: 'name', message: 'Enter the name of the person, in at most 100 characters' }]),
    ...(email === '' || isAddress(email)
      ? []
      : [{ field: 'email', message: 'Enter an e-mail address in the right form, such as name@example.org' }]),
  ];
  return { name, email, faults };
}
