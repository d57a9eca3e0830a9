/** A document from which a FHIR version builds a Binary resource. */
export interface BinaryDocument {
  readonly id: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  /**
   * Reference to the resource with the document, such as `DocumentReference/6a0e…`. Undefined if it isn't disclosed.
   */
  readonly of?: string;
}

/**
 * Builds a Binary resource.
 * @param element name of the element with the bytes as base64
 * @param more elements before it
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
  // FHIR JSON doesn't allow empty strings.
  ...(bytes.length === 0 ? {} : { [element]: bytes.toString('base64') }),
});
