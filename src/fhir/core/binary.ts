/** A document, as its version of FHIR makes a Binary resource of it. */
export interface BinaryDocument {
  readonly id: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  /** The resource that it is a document of: `DocumentReference/6a0e…`; undefined: not told. */
  readonly of?: string;
}

/**
 * @param element that holds the bytes, in base64
 * @param more what stands before it
 */
export const binaryResource = (
  { id, contentType, bytes }: BinaryDocument,
  element: 'data' | 'content',
  more: object = {},
): object => ({
  resourceType: 'Binary',
  id,
  contentType,
  ...more,
  // FHIR JSON: a value is never empty.
  ...(bytes.length === 0 ? {} : { [element]: bytes.toString('base64') }),
});
