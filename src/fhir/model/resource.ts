/** A FHIR resource as JSON. Numbers may be LosslessNumber objects, so that 1.50 stays 1.50. */
export interface Resource {
  readonly resourceType: string;
  readonly id?: string;
  readonly [element: string]: unknown;
}
