/** A FHIR R4 Reference. */
export interface SandboxReference {
  readonly reference: string;
  readonly display?: string;
}
