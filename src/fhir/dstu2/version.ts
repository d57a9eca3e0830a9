import type { FhirVersion } from '../model/fhir-version.ts';
import { dstu2Binary } from './binary.ts';
import { createEntryPrinter, searchset } from './bundle.ts';
import { conformance } from './conformance.ts';
import { dstu2Elements } from './elements.ts';
import { dstu2OpenApi } from './openapi.ts';
import { DSTU2_OPERATIONS } from './operations.ts';
import { dstu2Projection } from './projection.ts';
import { EMBEDDED_ROLE } from './related-resources.ts';
import { DSTU2_TYPES } from './served/types.ts';

/**
 * FHIR DSTU2 1.0.2, converted from the R4 record. The conversion runs when the record changes, and its text is stored
 * beside the R4 text.
 */
export const dstu2: FhirVersion = {
  api: 'dstu2',
  projection: dstu2Projection.name,
  types: DSTU2_TYPES,
  embedded: EMBEDDED_ROLE,
  operations: DSTU2_OPERATIONS,
  // Media types of responses. A client that asks for a generic media type, such as application/json, gets that type.
  // Any other client gets the DSTU2 media types.
  mediaTypes: {
    json: 'application/json+fhir',
    xml: 'application/xml+fhir',
    plain: ['application/json', 'application/xml', 'text/xml'],
  },
  elements: dstu2Elements,
  binary: dstu2Binary,
  bundle: searchset,
  createEntryPrinter,
  conformance,
  openApi: dstu2OpenApi,
};
