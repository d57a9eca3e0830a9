/** Fields of a submitted form, not yet validated. */
export type Form = Readonly<Record<string, unknown>>;

/** Returns a field's value. A repeated field arrives as an array and counts as missing. */
export const fieldOf = (form: Form | undefined, name: string): string => {
  const value = form?.[name];
  return typeof value === 'string' ? value : '';
};

export const csrfOf = (form: Form | undefined): string | undefined => fieldOf(form, 'csrf') || undefined;
