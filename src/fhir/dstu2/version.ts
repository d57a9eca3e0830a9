import type { FhirVersion } from '../core/version.ts';
import { searchset } from './bundle.ts';
import { conformance } from './conformance.ts';
import { mediaType } from './media-type.ts';
import { dstu2Projection } from './projection.ts';
import { DSTU2_TYPES } from './served-types.ts';

/** FHIR DSTU2 1.0.2: a view of the record, kept beside it as text. */
export const dstu2: FhirVersion = {
  api: 'dstu2',
  projection: dstu2Projection.name,
  types: DSTU2_TYPES,
  mediaType,
  bundle: searchset,
  conformance,
};
