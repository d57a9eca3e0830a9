import { sha256 } from '../../kernel/index.ts';

const MOST = 300;
const names = new Map<string, string>();

/**
 * A name under which PostgreSQL keeps the plan of a query of this shape. Granular scopes have part in the shape, so only
 * the first few hundred are kept: each costs memory on every connection.
 */
export function nameOfShape(text: string): string | undefined {
  const found = names.get(text);
  if (found !== undefined || names.size >= MOST) return found;
  const made = `fhir.${sha256(text).toString('hex', 0, 12)}`;
  names.set(text, made);
  return made;
}
