/** A validation error of a form field, with a message in the reader's language that says how to fix it. */
export interface FormFieldError {
  /** Id of the input that the error summary links to. */
  readonly field: string;
  readonly message: string;
}
