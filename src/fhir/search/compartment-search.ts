import { Problem } from '../../kernel/index.ts';
import type { ServedType } from '../model/fhir-version.ts';
import type { QueryParameter } from './search-request.ts';

/**
 * Types of patient records that FHIR's CompartmentDefinition/patient leaves out. The definition has no criterion for
 * Device, although `Device?patient=` finds a patient's devices.
 */
const EXCLUDED_TYPES = ['Device'];

/** True if CompartmentDefinition/patient includes a type, because a search parameter of the type names the patient. */
export const isInCompartment = ({ parameters, stored }: ServedType): boolean =>
  !EXCLUDED_TYPES.includes(stored) && parameters.some(({ kind }) => kind === 'patient');

/**
 * A search within a patient compartment: `Patient/{id}/Condition` finds the Conditions of that patient (FHIR R4 search
 * §3.1.1, compartmentdefinition). A resource is in the compartment of the patient whose record contains it.
 */
export interface CompartmentSearch {
  /** Path of the compartment search below the base URL, such as `Patient/{id}/Condition`. */
  readonly path: string;
  /** Parameter and value that name the patient if the same search is written as `Condition?patient={id}`. */
  readonly parameter: QueryParameter;
}

/**
 * Format of a FHIR id (FHIR R4, datatypes, id). The id from the path becomes the value of a search parameter. So it
 * must not contain characters with a meaning in searches, such as the comma between two values.
 */
const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/;

/**
 * Parses the path of a compartment search, `Patient/{id}/{type}`.
 * @throws Problem 404 if the id is malformed, or if the type isn't in the patient compartment
 */
export function readCompartmentSearch(patientId: string, served: ServedType): CompartmentSearch {
  if (!FHIR_ID.test(patientId)) throw new Problem('not-found', { status: 404, message: 'Invalid patient id.' });
  if (isInCompartment(served))
    return { path: `Patient/${patientId}/${served.name}`, parameter: ['patient', patientId] };
  throw new Problem('not-found', {
    status: 404,
    message: `${served.name} isn’t in the patient compartment. Search /${served.name} instead.`,
  });
}
