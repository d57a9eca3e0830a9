import type { Resource } from '../../model/fhir-version.ts';

/** A document: the bytes of a resource's attachment. If the bytes change, the document gets another id. */
export interface StoredDocument {
  readonly id: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A resource to store, with the id and content that it will have. */
export interface ResourceToStore {
  readonly resource: Resource & { readonly id: string };
  /** Documents that were in the attachments of the resource, or to which the attachments refer. */
  readonly documents?: readonly StoredDocument[];
}
