import { unescapeValue } from './escaping.ts';
import { asList, isObject } from './nodes.ts';

const OF_NAME_OR_ADDRESS = [
  ...['text', 'family', 'given', 'prefix', 'suffix'],
  ...['line', 'city', 'district', 'state', 'postalCode', 'country'],
];

/** Returns all parts of a HumanName or Address that a string search covers (FHIR R4 search §3.1.1.4.8). */
export const stringValues = (node: unknown): readonly string[] =>
  isObject(node)
    ? OF_NAME_OR_ADDRESS.flatMap((name) => asList(node[name])).filter((text) => typeof text === 'string')
    : [String(node)];

/** Normalizes case, accents and white space. */
export const normalizeText = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ');

/** Whether a text matches a searched one (FHIR R4 search §3.1.1.4.8). */
export function stringMatches(node: unknown, modifier: string | undefined, written: string): boolean {
  const searched = unescapeValue(written);
  return stringValues(node).some((text) => {
    if (modifier === 'exact') return text === searched;
    if (modifier === 'contains') return normalizeText(text).includes(normalizeText(searched));
    return normalizeText(text).startsWith(normalizeText(searched));
  });
}
