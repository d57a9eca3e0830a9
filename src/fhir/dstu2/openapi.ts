import type { Endpoints } from '../model/fhir-version.ts';
import { openApiDocument } from '../openapi/openapi-document.ts';
import type { VersionDescription } from '../openapi/version-description.ts';
import { DSTU2_OPERATIONS } from './operations.ts';
import { DSTU2_TYPES } from './served/types.ts';

const DESCRIPTION: VersionDescription = {
  title: 'FHIR DSTU2',
  fhirVersion: '1.0.2',
  statement: 'Conformance',
  mediaTypes: ['application/json+fhir', 'application/json', 'application/xml+fhir', 'application/xml'],
  about: 'Records are stored in R4. Data that DSTU2 can’t represent without a change of meaning is left out.',
  hasHistory: false,
  sortModifiers: true,
};

/** Builds the OpenAPI document of the DSTU2 API. */
export const dstu2OpenApi = (endpoints: Endpoints): object =>
  openApiDocument({ api: 'dstu2', types: DSTU2_TYPES, operations: DSTU2_OPERATIONS }, endpoints, DESCRIPTION);
