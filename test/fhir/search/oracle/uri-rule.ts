import { unescapeValue } from './escaping.ts';

/**
 * FHIR R4 search dice3.1.1.4.13: compares character by character. `:below` matches URIs that extend the value with a slash
 * or a version, `:above` matches those that the value extends. A URN has no hierarchy.
 */
export function uriMatches(node: unknown, modifier: string | undefined, written: string): boolean {
  const searched = unescapeValue(written);
  if (typeof node !== 'string') return false;
  if (modifier === 'below') return isBelow(node, searched);
  return modifier === 'above' ? isBelow(searched, node) : node === searched;
}

function isBelow(longer: string, shorter: string): boolean {
  const [one, other] = [longer, shorter].map((text) => text.replace(/\/+$/, '')) as [string, string];
  return one === other || (other.includes('://') && /^[/|]/.test(one.slice(other.length)) && one.startsWith(other));
}
