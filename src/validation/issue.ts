/** Values of FHIR R4 OperationOutcome.issue.code that the validator uses. */
export type ValidationIssueCode =
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'code-invalid'
  | 'extension'
  | 'not-found';

/** An error, a warning or a note. */
export interface ValidationIssue {
  readonly severity: 'error' | 'warning' | 'information';
  readonly code: ValidationIssueCode;
  /** FHIRPath: `Patient.name[0].family`. */
  readonly path: string;
  /** The problem and how to fix it. Contains no value of the resource, which may be health information. */
  readonly text: string;
  /** URL of the profile that has the rule; undefined for FHIR itself. */
  readonly profile?: string;
  /** Key of the invariant. */
  readonly key?: string;
  /** The JSON type is never valid for the element, such as a number for text, so the value can't be read. */
  readonly unreadable?: true;
}
