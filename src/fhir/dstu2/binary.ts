import { type BinaryDocument, binaryResource } from '../core/binary.ts';

/** FHIR calls its JSON this since STU3; DSTU2 calls it `application/json+fhir`. */
const LATER_JSON = 'application/fhir+json';

/**
 * FHIR DSTU2, Binary. Clients of several versions that ask for a Binary by the later media type read the later element, `data`
 * (Mere Medical does).
 */
export const binary = (document: BinaryDocument, asked?: string): object =>
  binaryResource(document, asked === LATER_JSON ? 'data' : 'content');
