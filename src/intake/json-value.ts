import { isLosslessNumber } from 'lossless-json';

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

/** Value of a text field; undefined if it isn't a nonempty string. */
export function textAt(value: unknown, name: string): string | undefined {
  const member = isObject(value) ? value[name] : undefined;
  return typeof member === 'string' && member !== '' ? member : undefined;
}

/** Items of an array field; empty if it isn't an array. */
export function itemsAt(value: unknown, name: string): readonly unknown[] {
  const member = isObject(value) ? value[name] : undefined;
  return Array.isArray(member) ? member : [];
}
