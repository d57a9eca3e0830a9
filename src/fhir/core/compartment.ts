import { Problem } from '../../kernel/index.ts';
import type { Pair } from './search-request.ts';
import type { ServedType } from './version.ts';

/** CompartmentDefinition/patient has no criterion for Device, although `Device?patient=` finds a patient's devices. */
const NEVER = ['Device'];

/** True if CompartmentDefinition/patient includes the type, by a parameter that names the patient. */
export const isInCompartment = ({ parameters, stored }: ServedType): boolean =>
  !NEVER.includes(stored) && parameters.some(({ kind }) => kind === 'patient');

/**
 * FHIR R4 search §3.1.1 and compartmentdefinition: `Patient/{id}/Condition` searches the Conditions of that patient. A
 * resource is in the compartment of the patient whose record contains it.
 */
export interface Compartment {
  /** Path below the base URL. */
  readonly path: string;
  /** Query parameter that names the patient in the equivalent plain search. */
  readonly criterion: Pair;
}

/** FHIR R4, datatypes, id. Other text, such as one with a comma, could be read as several values. */
const ID = /^[A-Za-z0-9.-]{1,64}$/;

/**
 * Translates `Patient/{id}/{type}` to a search.
 * @throws Problem 404 if the id is malformed or the type isn't in a patient's compartment
 */
export function compartmentOf(patientId: string, served: ServedType): Compartment {
  if (!ID.test(patientId)) throw new Problem('not-found', { status: 404, message: 'This is not the id of a patient.' });
  if (isInCompartment(served))
    return { path: `Patient/${patientId}/${served.name}`, criterion: ['patient', patientId] };
  throw new Problem('not-found', {
    status: 404,
    message: `${served.name} is not in the compartment of a patient. Search /${served.name} instead.`,
  });
}
