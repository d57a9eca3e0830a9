/** A document from which a FHIR version builds a Binary resource. */
export interface BinaryDocument {
  readonly id: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  /**
   * Reference to the resource that contains the document, such as `DocumentReference/6a0e…`. Undefined if the client
   * may not learn which resource that is.
   */
  readonly of?: string;
}

/**
 * Builds a Binary resource.
 * @param element element for the base64 content: `content` in DSTU2, `data` in R4
 * @param more further elements, which are placed before the content
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
  // FHIR JSON doesn't allow empty strings, so an empty document has no content element.
  ...(bytes.length === 0 ? {} : { [element]: bytes.toString('base64') }),
});
