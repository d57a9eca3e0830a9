import { type BinaryDocument, binaryResource } from '../model/binary.ts';

/** FHIR R4, Binary. The security context is the resource that the document belongs to. */
export const r4Binary = (document: BinaryDocument): object =>
  binaryResource(document, 'data', document.of === undefined ? {} : { securityContext: { reference: document.of } });
