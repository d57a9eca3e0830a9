import { isObject } from '../../../kernel/index.ts';

/** Returns the objects of an element as a list, whether it repeats or not. Other values are dropped. */
export const toObjects = (value: unknown): readonly Record<string, unknown>[] => [value].flat().filter(isObject);
