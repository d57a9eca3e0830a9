/** Returns the objects of an element as a list, whether it repeats or not. Other values are dropped. */
export const toObjects = (value: unknown): readonly Record<string, unknown>[] =>
  [value].flat().filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null);

export const toNonEmptyText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
