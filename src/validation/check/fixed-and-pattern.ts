import { isObject } from '../../kernel/index.ts';

/** FHIR R4 ElementDefinition.fixed[x]: the value must be exactly equal. */
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
 * FHIR R4 ElementDefinition.pattern[x]: the value must have at least what the pattern has; each element of a pattern
 * array must match any element of the value.
 */
export function matchesPattern(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern))
    return Array.isArray(value) && pattern.every((one) => value.some((candidate) => matchesPattern(candidate, one)));
  if (!isObject(pattern)) return value === pattern;
  return isObject(value) && Object.keys(pattern).every((key) => matchesPattern(value[key], pattern[key]));
}
