import { isObject } from '../../kernel/index.ts';

/** A FHIR resource or element in progress. */
export type FhirObject = Record<string, unknown>;

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** Returns the object without its empty elements, which FHIR doesn't allow. undefined if nothing is left. */
export function present(object: FhirObject): FhirObject | undefined {
  const members = Object.entries(object).filter(([, value]) => !isEmpty(value));
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/** Removes empty arrays, objects and elements, at any depth. */
export function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutEmpty).filter((one) => !isEmpty(one));
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return value;
  return present(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutEmpty(inner)])));
}

export const concept = (system: string, code: string): FhirObject => ({ coding: [{ system, code }] });
