import { openApiDocument } from '../core/openapi.ts';
import type { VersionWords } from '../core/openapi-words.ts';
import type { Endpoints } from '../core/version.ts';
import { R4_OPERATIONS } from './operations.ts';
import { R4_TYPES } from './types.ts';

const DESCRIPTION: VersionWords = {
  title: 'FHIR R4',
  fhirVersion: '4.0.1',
  statement: 'CapabilityStatement',
  mediaTypes: ['application/fhir+json', 'application/fhir+xml'],
  about: 'This is the form in which the record is kept.',
  versions: true,
  sortModifiers: false,
};

/** Builds the OpenAPI document of the R4 API. */
export const openApi = (endpoints: Endpoints): object =>
  openApiDocument(
    { api: 'r4', types: R4_TYPES, operations: R4_OPERATIONS, exports: true, feed: true },
    endpoints,
    DESCRIPTION,
  );
