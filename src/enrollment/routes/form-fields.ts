/** Fields of a submitted form. They are not validated yet. */
export type EnrollmentFormFields = Readonly<Record<string, unknown>>;

/** Returns the value of a form field. A field that is sent twice arrives as an array and counts as missing. */
export const fieldValue = (form: EnrollmentFormFields | undefined, name: string): string => {
  const value = form?.[name];
  return typeof value === 'string' ? value : '';
};

export const csrfToken = (form: EnrollmentFormFields | undefined): string | undefined =>
  fieldValue(form, 'csrf') || undefined;
