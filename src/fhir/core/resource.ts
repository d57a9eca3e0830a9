/** A FHIR resource as JSON; numbers may be lossless ones, so that 1.50 stays 1.50. */
export interface Resource {
  readonly resourceType: string;
  readonly id?: string;
  readonly [element: string]: unknown;
}
