/** FHIR R4 OperationOutcome.issue.code: those that are used here. */
export type IssueCode = 'structure' | 'required' | 'value' | 'invariant' | 'code-invalid' | 'extension' | 'not-found';

/** One thing that is wrong, or worth knowing. */
export interface Issue {
  readonly severity: 'error' | 'warning' | 'information';
  readonly code: IssueCode;
  /** Where, as FHIRPath: `Patient.name[0].family`. */
  readonly path: string;
  /** What is wrong and how to mend it. No value out of the resource: it may be about a patient's health. */
  readonly text: string;
  /** Which profile asks for it; undefined: FHIR itself. */
  readonly profile?: string;
  /** Of the invariant. */
  readonly key?: string;
  /** Its JSON is of a kind that FHIR never has there, as a number for text: nobody could read it as what it should be. */
  readonly unreadable?: true;
}
