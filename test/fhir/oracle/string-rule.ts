import { isObject, listOf } from './nodes.ts';
import { plain } from './written-value.ts';

const OF_NAME_OR_ADDRESS = [
  ...['text', 'family', 'given', 'prefix', 'suffix'],
  ...['line', 'city', 'district', 'state', 'postalCode', 'country'],
];

/** Any part of a HumanName or an Address. FHIR R4 search dice3.1.1.4.8 */
export const stringsOf = (node: unknown): readonly string[] =>
  isObject(node)
    ? OF_NAME_OR_ADDRESS.flatMap((name) => listOf(node[name])).filter((text) => typeof text === 'string')
    : [String(node)];

/** Normalizes case, accents and white space. */
export const alike = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ');

/** FHIR R4 search dice3.1.1.4.8 */
export function stringMatches(node: unknown, modifier: string | undefined, written: string): boolean {
  const searched = plain(written);
  return stringsOf(node).some((text) => {
    if (modifier === 'exact') return text === searched;
    if (modifier === 'contains') return alike(text).includes(alike(searched));
    return alike(text).startsWith(alike(searched));
  });
}
