/** A validation error of a form field, with a message in the reader's language that says how to fix it. */
export interface FormFieldError {
  /** Id of the input element with the error, to which the error summary links. */
  readonly field: string;
  readonly message: string;
}
