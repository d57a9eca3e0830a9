import { isObject } from '../../kernel/index.ts';
import type { FhirDefinitions } from '../definitions/fhir-definitions.ts';
import { hasCode } from '../terminology/value-sets.ts';

/**
 * Checks a coded value against a value set with a required binding (FHIR R4 §4.1.4). Returns the error text. Returns
 * undefined if the value is valid or the codes of the value set are unknown.
 */
export function bindingError(
  url: string | undefined,
  value: unknown,
  { valueSets }: FhirDefinitions,
): string | undefined {
  if (url === undefined) return undefined;
  const codes = valueSets.getCodes(url);
  if (codes === undefined) return undefined;
  const error = `The code must be from the value set ${url}.`;
  if (typeof value === 'string') return hasCode(codes, undefined, value) ? undefined : error;
  if (!isObject(value)) return undefined;
  const { coding } = value;
  // A Quantity contains its unit as system and code. In a CodeableConcept, one coding must be in the value set.
  const all = Array.isArray(coding) ? coding.filter(isObject) : 'text' in value || coding !== undefined ? [] : [value];
  const isIn = all.some(({ system, code }) => typeof code === 'string' && hasCode(codes, String(system ?? ''), code));
  // A data-absent-reason extension can explain why there is no code, so the value is valid then.
  return isIn || hasAbsentReason(value) ? undefined : error;
}

const hasAbsentReason = ({ extension, coding, text }: Record<string, unknown>): boolean =>
  Array.isArray(extension) && coding === undefined && text === undefined;
