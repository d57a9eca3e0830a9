import { Problem } from '../../kernel/index.ts';
import type { ServedType } from '../model/fhir-version.ts';
import type { QueryParameter } from './search-request.ts';

/** CompartmentDefinition/patient has no criterion for Device, although `Device?patient=` finds a patient's devices. */
const EXCLUDED_TYPES = ['Device'];

/** True if CompartmentDefinition/patient includes the type, by a parameter that names the patient. */
export const isInCompartment = ({ parameters, stored }: ServedType): boolean =>
  !EXCLUDED_TYPES.includes(stored) && parameters.some(({ kind }) => kind === 'patient');

/**
 * FHIR R4 search §3.1.1 and compartmentdefinition: `Patient/{id}/Condition` searches the Conditions of that patient. A
 * resource is in the compartment of the patient whose record contains it.
 */
export interface CompartmentSearch {
  /** Path below the base URL. */
  readonly path: string;
  /** Query parameter that names the patient in the equivalent plain search. */
  readonly parameter: QueryParameter;
}

/** FHIR R4, datatypes, id. Other text, such as one with a comma, could be read as several values. */
const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/;

/**
 * Translates `Patient/{id}/{type}` to a search.
 * @throws Problem 404 if the id is malformed or the type isn't in a patient's compartment
 */
export function readCompartmentSearch(patientId: string, served: ServedType): CompartmentSearch {
  if (!FHIR_ID.test(patientId))
    throw new Problem('not-found', { status: 404, message: 'This is not the id of a patient.' });
  if (isInCompartment(served))
    return { path: `Patient/${patientId}/${served.name}`, parameter: ['patient', patientId] };
  throw new Problem('not-found', {
    status: 404,
    message: `${served.name} is not in the compartment of a patient. Search /${served.name} instead.`,
  });
}
