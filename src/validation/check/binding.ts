import { hasCode } from '../codes.ts';
import type { Definitions } from '../definitions.ts';
import { isObject } from './values.ts';

/** FHIR R4 §4.1.4: what is wrong with a coded value whose binding is required; undefined: nothing, or it can't be told. */
export function faultOfBinding(
  url: string | undefined,
  value: unknown,
  { valueSets }: Definitions,
): string | undefined {
  if (url === undefined) return undefined;
  const codes = valueSets.codesOf(url);
  if (codes === undefined) return undefined;
  const wrong = `This has to be a code of the value set ${url}.`;
  if (typeof value === 'string') return hasCode(codes, undefined, value) ? undefined : wrong;
  if (!isObject(value)) return undefined;
  const { coding } = value;
  // A Quantity has its unit as system and code; a CodeableConcept needs one coding that is of the set.
  const all = Array.isArray(coding) ? coding.filter(isObject) : 'text' in value || coding !== undefined ? [] : [value];
  const isIn = all.some(({ system, code }) => typeof code === 'string' && hasCode(codes, String(system ?? ''), code));
  // Why there is no code is told by an extension.
  return isIn || isAbsent(value) ? undefined : wrong;
}

const isAbsent = ({ extension, coding, text }: Record<string, unknown>): boolean =>
  Array.isArray(extension) && coding === undefined && text === undefined;
