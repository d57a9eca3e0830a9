import { Problem } from '../../kernel/index.ts';
import type { Pair } from './search-request.ts';
import type { ServedType } from './version.ts';

/** CompartmentDefinition/patient has no criterion for it. `Device?patient=` finds what a patient has. */
const NEVER = ['Device'];

/** CompartmentDefinition/patient: whether resources of the type are in a patient's compartment, by a parameter that names the patient. */
export const isInCompartment = ({ parameters, stored }: ServedType): boolean =>
  !NEVER.includes(stored) && parameters.some(({ kind }) => kind === 'patient');

/**
 * FHIR R4 search §3.1.1 and compartmentdefinition: `Patient/{id}/Condition` is a search for Conditions of that patient. A
 * resource is in the compartment of the patient whose record has it.
 */
export interface Compartment {
  /** Below the base. */
  readonly path: string;
  /** What a plain search would name the patient by. */
  readonly criterion: Pair;
}

/** FHIR R4, datatypes, id. Anything else could be more than one value. */
const ID = /^[A-Za-z0-9.-]{1,64}$/;

/** @throws Problem 404: it is no id, or no resource of the type is in a patient's compartment */
export function compartmentOf(patientId: string, served: ServedType): Compartment {
  if (!ID.test(patientId)) throw new Problem('not-found', { status: 404, message: 'This is not the id of a patient.' });
  if (isInCompartment(served))
    return { path: `Patient/${patientId}/${served.name}`, criterion: ['patient', patientId] };
  throw new Problem('not-found', {
    status: 404,
    message: `${served.name} is not in the compartment of a patient. Search /${served.name} instead.`,
  });
}
