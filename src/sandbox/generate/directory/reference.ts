/** A FHIR R4 Reference. */
export interface Reference {
  readonly reference: string;
  readonly display?: string;
}
