import type { FhirObject } from './fhir-object.ts';
import type { Statement } from './statements.ts';
import type { CdaNode } from './tree.ts';

/** Facts about the document that its corrections need. */
export interface DocumentContext {
  /** Time zone in which times without an offset are read. */
  readonly timeZone: string;
  /** Timestamp of the document. */
  readonly writtenAt: string | undefined;
  readonly patient: FhirObject;
  /** Adds the person or organization to the resources. Returns the reference, or undefined if nothing is known of it. */
  addActor(assigned: CdaNode | undefined): FhirObject | undefined;
}

/** Returns the elements of a resource that the library leaves out or gets wrong. An element that is undefined is removed. */
export type Correction = (resource: FhirObject, statement: Statement, context: DocumentContext) => FhirObject;
