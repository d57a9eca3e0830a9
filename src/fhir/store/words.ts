import { isObject } from './elements.ts';
import { remembered } from './remembered.ts';

/**
 * FHIR R4 search §3.1.1.4.8: normalizes a string for comparison by removing accents, lowercasing and collapsing
 * whitespace.
 */
export const folded = remembered((text: string): string => {
  const plain = PLAIN.test(text) ? text : text.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return plain.toLowerCase().replaceAll(/\s+/g, ' ').trim();
});
/** ASCII text has no accents to remove. */
const PLAIN = /^[\x20-\x7e]*$/;

/** FHIR R4 search §3.1.1.4.8: the parts of a HumanName or Address that are searched. */
const PARTS = [
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

export function stringsOf(element: unknown): readonly string[] {
  if (typeof element === 'string') return [element];
  if (!isObject(element)) return [];
  return PARTS.flatMap((part) => element[part] ?? []).filter((text) => typeof text === 'string');
}

/** FHIR R4 search §3.1.1.4.10 (`:text`): returns the display texts of a coded element. */
export function wordsOf(element: unknown): readonly string[] {
  if (!isObject(element)) return [];
  const own = [element['text'], element['display']].filter((text) => typeof text === 'string');
  const codings = Array.isArray(element['coding']) ? element['coding'].flatMap(wordsOf) : [];
  return [...own, ...codings, ...wordsOf(element['type'])];
}
