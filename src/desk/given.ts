/** A field of a form, or of an address; given twice it counts as not given. PostgreSQL's text has no NUL. */
export function fieldOf(form: unknown, name: string): string {
  const value: unknown = Object(form)[name];
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : '';
}

/** What was ticked, of boxes that share a name. */
export const tickedOf = (form: unknown, name: string): readonly string[] =>
  [Object(form)[name] as unknown].flat().filter((value) => typeof value === 'string');

/** A person's name: one line of it. */
export const nameIn = (form: unknown, name: string): string =>
  fieldOf(form, name).normalize('NFC').replaceAll(/\s+/gu, ' ').trim();

/** At most 100 characters; none that can't be seen or that turn the direction of text. */
export const isName = (text: string): boolean =>
  text !== '' && text.length <= 100 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text);
