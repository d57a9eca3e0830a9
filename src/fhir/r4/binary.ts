import { type BinaryDocument, binaryResource } from '../model/binary.ts';

/**
 * Returns a document as an R4 Binary. Its security context is the resource that the document belongs to (FHIR R4,
 * Binary).
 */
export const r4Binary = (document: BinaryDocument): object =>
  binaryResource(document, 'data', document.of === undefined ? {} : { securityContext: { reference: document.of } });
