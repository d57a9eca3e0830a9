import { unescapeValue } from './escaping.ts';

/**
 * Whether a URI matches a searched one, character by character (FHIR R4 search §3.1.1.4.13). `:below` matches URIs that
 * extend the searched one with a slash or a version. `:above` matches URIs that the searched one extends in that way. A
 * URN has no hierarchy.
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
