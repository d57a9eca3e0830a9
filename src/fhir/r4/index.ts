import type { FhirVersion } from '../model/fhir-version.ts';
import { r4Binary } from './binary.ts';
import { createEntryPrinter, history, searchset } from './bundle.ts';
import { capabilityStatement } from './capability-statement.ts';
import { r4Elements } from './elements.ts';
import { r4OpenApi } from './openapi.ts';
import { R4_OPERATIONS } from './operations.ts';
import { patientSummary } from './summary/index.ts';
import { r4Terminology } from './terminology.ts';
import { R4_TYPES } from './types.ts';

/** FHIR R4 4.0.1: the version in which the record is stored, so the stored text is served unchanged. */
export const r4: FhirVersion = {
  api: 'r4',
  projection: undefined,
  types: R4_TYPES,
  operations: R4_OPERATIONS,
  // Clients request JSON and XML with many different media types. All of them get one of these two media types, which
  // every client accepts.
  mediaTypes: { json: 'application/fhir+json', xml: 'application/fhir+xml', plain: [] },
  elements: r4Elements,
  terminology: r4Terminology,
  binary: r4Binary,
  bundle: searchset,
  createEntryPrinter,
  history,
  summary: patientSummary,
  conformance: capabilityStatement,
  openApi: r4OpenApi,
};
