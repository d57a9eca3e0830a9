import type { FhirVersion } from '../core/version.ts';
import { searchset } from './bundle.ts';
import { capabilityStatement } from './capability-statement.ts';
import { R4_TYPES } from './types.ts';

/** FHIR R4 4.0.1: the form in which the record is kept, so its text is served as it is. */
export const r4: FhirVersion = {
  api: 'r4',
  projection: undefined,
  types: R4_TYPES,
  // Clients ask for json in half a dozen spellings; all of them take this.
  mediaType: () => 'application/fhir+json; charset=utf-8',
  bundle: searchset,
  conformance: capabilityStatement,
};
