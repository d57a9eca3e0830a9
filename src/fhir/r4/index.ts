import type { FhirVersion } from '../core/version.ts';
import { binary } from './binary.ts';
import { entriesAt, history, searchset } from './bundle.ts';
import { capabilityStatement } from './capability-statement.ts';
import { r4Elements } from './elements.ts';
import { openApi } from './openapi.ts';
import { R4_OPERATIONS } from './operations.ts';
import { patientSummary } from './summary/index.ts';
import { r4Terminology } from './terminology.ts';
import { R4_TYPES } from './types.ts';

/** FHIR R4 4.0.1: the form in which the record is kept, so its text is served as it is. */
export const r4: FhirVersion = {
  api: 'r4',
  projection: undefined,
  types: R4_TYPES,
  operations: R4_OPERATIONS,
  // Clients ask for JSON and XML in half a dozen spellings; all of them take these.
  mediaTypes: { json: 'application/fhir+json', xml: 'application/fhir+xml', plain: [] },
  elements: r4Elements,
  terminology: r4Terminology,
  binary,
  bundle: searchset,
  entriesAt,
  history,
  summary: patientSummary,
  conformance: capabilityStatement,
  openApi,
};
