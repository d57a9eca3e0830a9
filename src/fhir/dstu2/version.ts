import type { FhirVersion } from '../core/version.ts';
import { binary } from './binary.ts';
import { entriesAt, searchset } from './bundle.ts';
import { conformance } from './conformance.ts';
import { dstu2Elements } from './elements.ts';
import { ROLE } from './neighbours.ts';
import { openApi } from './openapi.ts';
import { DSTU2_OPERATIONS } from './operations.ts';
import { dstu2Projection } from './projection.ts';
import { DSTU2_TYPES } from './served-types.ts';

/** FHIR DSTU2 1.0.2: a view of the R4 record, converted when the record changes and stored as text beside it. */
export const dstu2: FhirVersion = {
  api: 'dstu2',
  projection: dstu2Projection.name,
  types: DSTU2_TYPES,
  part: ROLE,
  operations: DSTU2_OPERATIONS,
  // A client that asks for a generic media type gets it back. All others get the DSTU2 media types.
  mediaTypes: {
    json: 'application/json+fhir',
    xml: 'application/xml+fhir',
    plain: ['application/json', 'application/xml', 'text/xml'],
  },
  elements: dstu2Elements,
  binary,
  bundle: searchset,
  entriesAt,
  conformance,
  openApi,
};
