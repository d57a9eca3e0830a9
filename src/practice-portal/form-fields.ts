/**
 * Returns the value of a field of a form or query string. Empty if the field is absent or occurs more than once. NUL
 * characters are removed because PostgreSQL text can't contain them.
 */
export function formField(form: unknown, name: string): string {
  const value: unknown = Object(form)[name];
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : '';
}

/** Returns the values of the checked checkboxes that share a field name. */
export const checkedValues = (form: unknown, name: string): readonly string[] =>
  [Object(form)[name] as unknown].flat().filter((value) => typeof value === 'string');

/**
 * Returns the text that confirms the preceding action. After a redirect, the query names the action in `done`.
 * @param notices texts by action
 * @returns undefined if there was no action, or for an unknown one
 */
export function findNotice(query: unknown, notices: Readonly<Record<string, string>>): string | undefined {
  const done = formField(query, 'done');
  return Object.hasOwn(notices, done) ? notices[done] : undefined;
}

/** Returns the name of a person or practice from a form field, normalized to one line. */
export const nameField = (form: unknown, name: string): string =>
  formField(form, name).normalize('NFC').replaceAll(/\s+/gu, ' ').trim();

/** Whether the text has 1 to 100 characters, none of them invisible or directional. */
export const isValidName = (text: string): boolean =>
  text !== '' && text.length <= 100 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text);
