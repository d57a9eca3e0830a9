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

/** FHIR DSTU2 1.0.2: a view of the R4 record, converted when the record changes and stored as text beside it. */
export const dstu2: FhirVersion = {
  api: 'dstu2',
  projection: dstu2Projection.name,
  types: DSTU2_TYPES,
  embedded: EMBEDDED_ROLE,
  operations: DSTU2_OPERATIONS,
  // A client that asks for a generic media type gets it back. All others get the DSTU2 media types.
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
