/** True for a JSON object. Arrays, null and numbers that lossless-json parsed are none. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

/** The mark that lossless-json puts on its numbers. The kernel loads no package, so that commands start fast. */
const isLosslessNumber = (value: object): boolean => 'isLosslessNumber' in value && value.isLosslessNumber === true;

/** Returns an array unchanged, and an empty one for any other value. */
export const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Returns the objects in an array. Other values are dropped. */
export const objectsIn = (value: unknown): readonly Record<string, unknown>[] => toList(value).filter(isObject);

/** Returns a text that isn't empty; undefined for any other value. */
export const nonEmptyText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Returns the text of a member; undefined if it is empty or isn't a text. */
export const textAt = (value: unknown, name: string): string | undefined =>
  isObject(value) ? nonEmptyText(value[name]) : undefined;

/** Returns the items of an array member; an empty list if there is no array. */
export const itemsAt = (value: unknown, name: string): readonly unknown[] =>
  isObject(value) ? toList(value[name]) : [];

/** Parses JSON; undefined, which JSON doesn't have, if the text isn't valid. */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
