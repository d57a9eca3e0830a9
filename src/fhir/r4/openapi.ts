import type { Endpoints } from '../model/fhir-version.ts';
import { openApiDocument } from '../openapi/openapi-document.ts';
import type { VersionDescription } from '../openapi/version-description.ts';
import { R4_OPERATIONS } from './operations.ts';
import { R4_TYPES } from './types.ts';

const DESCRIPTION: VersionDescription = {
  title: 'FHIR R4',
  fhirVersion: '4.0.1',
  statement: 'CapabilityStatement',
  mediaTypes: ['application/fhir+json', 'application/fhir+xml'],
  about: 'Records are stored in R4.',
  hasHistory: true,
  sortModifiers: false,
};

/** Builds the OpenAPI document of the R4 API. */
export const r4OpenApi = (endpoints: Endpoints): object =>
  openApiDocument(
    { api: 'r4', types: R4_TYPES, operations: R4_OPERATIONS, exports: true, feed: true },
    endpoints,
    DESCRIPTION,
  );
