import type { Resource } from '../core/version.ts';

/** The bytes behind an attachment of a DocumentReference. Its id changes with its bytes. */
export interface StoredDocument {
  readonly id: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A resource with its final id, as it is to be found. */
export interface ToStore {
  readonly resource: Resource & { readonly id: string };
  /** What its attachments pointed to or held. */
  readonly documents?: readonly StoredDocument[];
}
