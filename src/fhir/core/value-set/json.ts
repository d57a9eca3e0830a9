/** The objects of an element, whether it repeats or not; whatever else is there is none. */
export const listOf = (value: unknown): readonly Record<string, unknown>[] =>
  [value].flat().filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null);

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
