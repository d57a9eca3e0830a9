import { isObject } from './elements.ts';
import { remembered } from './remembered.ts';

/** As strings are compared: without accents, in lower case, with single spaces. FHIR R4 search §3.1.1.4.8 */
export const folded = remembered((text: string): string => {
  const plain = PLAIN.test(text) ? text : text.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return plain.toLowerCase().replaceAll(/\s+/g, ' ').trim();
});
/** Without accents as it is. */
const PLAIN = /^[\x20-\x7e]*$/;

/** What is searched of a HumanName and an Address; a string is itself. FHIR R4 search §3.1.1.4.8 */
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

/** What people read of a coded element: `:text`. FHIR R4 search §3.1.1.4.10 */
export function wordsOf(element: unknown): readonly string[] {
  if (!isObject(element)) return [];
  const own = [element['text'], element['display']].filter((text) => typeof text === 'string');
  const codings = Array.isArray(element['coding']) ? element['coding'].flatMap(wordsOf) : [];
  return [...own, ...codings, ...wordsOf(element['type'])];
}
