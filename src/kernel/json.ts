/** Tells whether a parsed JSON value is an object. Arrays, null and the number objects of lossless-json are not. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

/**
 * Tells whether a value is a number object of lossless-json, by the property that identifies one. The kernel checks the
 * property instead of importing the package, so that commands start fast.
 */
const isLosslessNumber = (value: object): boolean => 'isLosslessNumber' in value && value.isLosslessNumber === true;

/** Returns an array unchanged, and an empty array for any other value. */
export const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Returns the objects in an array. Leaves out other values. */
export const objectsIn = (value: unknown): readonly Record<string, unknown>[] => toList(value).filter(isObject);

/** Returns a string that isn't empty; undefined for any other value. */
export const nonEmptyText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Returns the string property with this name; undefined if it is missing, empty or not a string. */
export const textAt = (value: unknown, name: string): string | undefined =>
  isObject(value) ? nonEmptyText(value[name]) : undefined;

/** Returns the items of the array property with this name; an empty list if there is no such array. */
export const itemsAt = (value: unknown, name: string): readonly unknown[] =>
  isObject(value) ? toList(value[name]) : [];

/** Parses JSON. Returns undefined, which JSON can't express, if the text isn't valid JSON. */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
