import { unescapeValue } from './escaping.ts';
import { asText, isObject } from './nodes.ts';
import { tokenMatches } from './token-rule.ts';

/** Returns the text of a Reference or canonical. */
export const referenceText = (node: unknown): string | undefined =>
  isObject(node) ? asText(node['reference']) : asText(node);

/**
 * Whether a reference matches a searched one: `id`, `Type/id`, a URL, `id` with the type as modifier, or `:identifier`
 * (FHIR R4 search §3.1.1.4.12).
 */
export function referenceMatches(node: unknown, modifier: string | undefined, written: string, base: string): boolean {
  if (modifier === 'identifier')
    return isObject(node) && isObject(node['identifier']) && tokenMatches(node['identifier'], undefined, written);
  const text = referenceText(node);
  if (text === undefined) return false;
  const value = unescapeValue(written);
  const target = value.startsWith(`${base}/`) ? value.slice(base.length + 1) : value;
  if (text === target) return modifier === undefined || text.startsWith(`${modifier}/`);
  // A canonical without a version matches any version of it.
  if (!target.includes('|') && text.startsWith(`${target}|`)) return modifier === undefined;
  const [type, id, ...rest] = text.split('/');
  if (id === undefined || rest.length > 0 || type === '' || !/^[A-Z]/.test(type ?? '')) return false;
  return id === target && (modifier === undefined || type === modifier);
}
