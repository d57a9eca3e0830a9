import { isObject } from '../../kernel/index.ts';

/**
 * Checks the `_name` property beside the primitive `name`, which must have the same shape. FHIR R4 §2.6.2: no object or
 * array is empty; §2.6.2.3: null only fills gaps in the two arrays.
 * @returns the error text, or undefined if it is valid
 */
export function primitiveExtensionError(value: unknown, beside: unknown): string | undefined {
  if (beside === undefined) return undefined;
  const isArray = Array.isArray(beside);
  if (value !== undefined && isArray !== Array.isArray(value))
    return `What stands beside ${isArray ? 'one value is an object, not an array' : 'an array is an array'}.`;
  if (value === null) return 'null is no value: leave it out.';
  if (!isArray) return isNonEmptyObject(beside) ? undefined : EMPTY_EXTENSION_ERROR;
  if (beside.length === 0) return 'An array may not be empty: leave it out.';
  return beside.every((one) => one === null || isNonEmptyObject(one)) ? undefined : EMPTY_EXTENSION_ERROR;
}

const EMPTY_EXTENSION_ERROR = 'What stands beside a value is an object with an id or extensions, or is left out.';

const isNonEmptyObject = (one: unknown): boolean => isObject(one) && Object.keys(one).length > 0;
