import type { Resource } from '../../model/fhir-version.ts';

/** The bytes of a DocumentReference's attachment. The id changes with the bytes. */
export interface StoredDocument {
  readonly id: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A resource with its final id and content. */
export interface ResourceToStore {
  readonly resource: Resource & { readonly id: string };
  /** Documents that the resource's attachments contained or referred to. */
  readonly documents?: readonly StoredDocument[];
}
