import { isObject } from '../../kernel/index.ts';

/** Whether a value equals a fixed value exactly (FHIR R4 ElementDefinition.fixed[x]). */
export function equalsFixed(value: unknown, fixed: unknown): boolean {
  if (Array.isArray(fixed))
    return (
      Array.isArray(value) && value.length === fixed.length && fixed.every((one, at) => equalsFixed(value[at], one))
    );
  if (!isObject(fixed)) return value === fixed;
  if (!isObject(value)) return false;
  const keys = Object.keys(fixed);
  return Object.keys(value).length === keys.length && keys.every((key) => equalsFixed(value[key], fixed[key]));
}

/**
 * Whether a value has at least what a pattern has (FHIR R4 ElementDefinition.pattern[x]). Each item of a pattern's
 * array must match any item of the value's array.
 */
export function matchesPattern(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern))
    return Array.isArray(value) && pattern.every((one) => value.some((candidate) => matchesPattern(candidate, one)));
  if (!isObject(pattern)) return value === pattern;
  return isObject(value) && Object.keys(pattern).every((key) => matchesPattern(value[key], pattern[key]));
}
