import { openApiDocument } from '../core/openapi.ts';
import type { VersionWords } from '../core/openapi-words.ts';
import type { Endpoints } from '../core/version.ts';
import { DSTU2_OPERATIONS } from './operations.ts';
import { DSTU2_TYPES } from './served-types.ts';

const DESCRIPTION: VersionWords = {
  title: 'FHIR DSTU2',
  fhirVersion: '1.0.2',
  statement: 'Conformance',
  mediaTypes: ['application/json+fhir', 'application/json', 'application/xml+fhir', 'application/xml'],
  about: 'The record is kept in R4; what DSTU2 can not say without a change of meaning is not shown here.',
  versions: false,
  sortModifiers: true,
};

/** Builds the OpenAPI document of the DSTU2 API. */
export const openApi = (endpoints: Endpoints): object =>
  openApiDocument({ api: 'dstu2', types: DSTU2_TYPES, operations: DSTU2_OPERATIONS }, endpoints, DESCRIPTION);
