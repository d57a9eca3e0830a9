import { isObject } from '../../../kernel/index.ts';
import { memoize } from './memoize.ts';

/**
 * Normalizes a string for a search: removes accents, lowercases, and collapses white space (FHIR R4 search §3.1.1.4.8).
 */
export const normalizeText = memoize((text: string): string => {
  const plain = ASCII.test(text) ? text : text.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return plain.toLowerCase().replaceAll(/\s+/g, ' ').trim();
});
/** Matches ASCII text, which has no accents to remove. */
const ASCII = /^[\x20-\x7e]*$/;

/** Elements of a HumanName or Address that string parameters search (FHIR R4 search §3.1.1.4.8). */
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

/** Returns the display texts of a coded element, for the search modifier `:text` (FHIR R4 search §3.1.1.4.10). */
export function extractDisplayTexts(element: unknown): readonly string[] {
  if (!isObject(element)) return [];
  const own = [element['text'], element['display']].filter((text) => typeof text === 'string');
  const codings = Array.isArray(element['coding']) ? element['coding'].flatMap(extractDisplayTexts) : [];
  return [...own, ...codings, ...extractDisplayTexts(element['type'])];
}
