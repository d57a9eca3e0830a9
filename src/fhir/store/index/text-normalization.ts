import { isObject } from '../../../kernel/index.ts';
import { memoize } from './memoize.ts';

/**
 * FHIR R4 search §3.1.1.4.8: normalizes a string for comparison by removing accents, lowercasing and collapsing
 * whitespace.
 */
export const normalizeText = memoize((text: string): string => {
  const plain = ASCII.test(text) ? text : text.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return plain.toLowerCase().replaceAll(/\s+/g, ' ').trim();
});
/** ASCII text has no accents to remove. */
const ASCII = /^[\x20-\x7e]*$/;

/** FHIR R4 search §3.1.1.4.8: the parts of a HumanName or Address that are searched. */
const SEARCHED_PARTS = [
  'text',
  'family',
  'given',
  'prefix',
  'suffix',
  'line',
  'city',
  'district',
  'state',
  'postalCode',
  'country',
];

export function extractStrings(element: unknown): readonly string[] {
  if (typeof element === 'string') return [element];
  if (!isObject(element)) return [];
  return SEARCHED_PARTS.flatMap((part) => element[part] ?? []).filter((text) => typeof text === 'string');
}

/** FHIR R4 search §3.1.1.4.10 (`:text`): returns the display texts of a coded element. */
export function extractDisplayTexts(element: unknown): readonly string[] {
  if (!isObject(element)) return [];
  const own = [element['text'], element['display']].filter((text) => typeof text === 'string');
  const codings = Array.isArray(element['coding']) ? element['coding'].flatMap(extractDisplayTexts) : [];
  return [...own, ...codings, ...extractDisplayTexts(element['type'])];
}
