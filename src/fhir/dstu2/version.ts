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

/** FHIR DSTU2 1.0.2: a view of the record, kept beside it as text. */
export const dstu2: FhirVersion = {
  api: 'dstu2',
  projection: dstu2Projection.name,
  types: DSTU2_TYPES,
  part: ROLE,
  operations: DSTU2_OPERATIONS,
  // Whoever asks for a type of no version gets that; everyone else DSTU2's own.
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
