/** Fields of a submitted form, not yet validated. */
export type EnrollmentFormFields = Readonly<Record<string, unknown>>;

/** Returns a field's value. A repeated field arrives as an array and counts as missing. */
export const fieldValue = (form: EnrollmentFormFields | undefined, name: string): string => {
  const value = form?.[name];
  return typeof value === 'string' ? value : '';
};

export const csrfToken = (form: EnrollmentFormFields | undefined): string | undefined =>
  fieldValue(form, 'csrf') || undefined;
