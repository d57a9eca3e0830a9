import { type BinaryDocument, binaryResource } from '../model/binary.ts';

/** The JSON media type of FHIR since STU3. DSTU2 calls it `application/json+fhir`. */
const LATER_JSON = 'application/fhir+json';

/**
 * Returns a document as a DSTU2 Binary with the element `content`. A client that supports several versions, such as
 * Mere Medical, asks for the STU3 media type. It gets the STU3 element `data` instead.
 */
export const dstu2Binary = (document: BinaryDocument, requestedMediaType?: string): object =>
  binaryResource(document, requestedMediaType === LATER_JSON ? 'data' : 'content');
