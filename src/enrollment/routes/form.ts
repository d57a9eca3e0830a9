/** What a browser sent: of each field nothing is sure yet. */
export type Form = Readonly<Record<string, unknown>>;

/** A form field given twice arrives as a list: neither is taken. */
export const fieldOf = (form: Form | undefined, name: string): string => {
  const value = form?.[name];
  return typeof value === 'string' ? value : '';
};

export const csrfOf = (form: Form | undefined): string | undefined => fieldOf(form, 'csrf') || undefined;
