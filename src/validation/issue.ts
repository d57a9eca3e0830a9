/** Values of FHIR R4 OperationOutcome.issue.code that the validator uses. */
export type ValidationIssueCode =
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'code-invalid'
  | 'extension'
  | 'not-found';

/** An error, a warning or a note about a resource. */
export interface ValidationIssue {
  readonly severity: 'error' | 'warning' | 'information';
  readonly code: ValidationIssueCode;
  /** FHIRPath of the element, such as `Patient.name[0].family`. */
  readonly path: string;
  /**
   * Text that describes the problem and how to fix it. It contains no value of the resource, which may be health
   * information.
   */
  readonly text: string;
  /** URL of the profile whose rule is violated. undefined for a rule of FHIR itself. */
  readonly profile?: string;
  /** Key of the violated invariant, such as `obs-7`. undefined if the rule isn't an invariant. */
  readonly key?: string;
  /**
   * Whether the value can't be read at all, because its JSON type is never valid for the element. An example is a
   * number where a text belongs.
   */
  readonly unreadable?: true;
}
