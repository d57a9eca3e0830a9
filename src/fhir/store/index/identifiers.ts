import { isObject } from '../../../kernel/index.ts';
import type { TokenValue } from '../../model/search-parameter.ts';
import { identifierTypeKey } from '../../search/values/search-value.ts';
import { elementsAt, extractCodes } from './elements.ts';

/**
 * Returns the search index values of an Identifier for the modifier `:of-type` (FHIR R4 search §3.1.1.4.10): one for
 * each code of the Identifier's type, combined with the Identifier's value as in a search for `system|code|value`.
 */
export function extractTypedIdentifiers(element: unknown): readonly TokenValue[] {
  if (!isObject(element) || typeof element['value'] !== 'string') return [];
  const code = element['value'];
  return elementsAt(element, 'type.coding')
    .flatMap((coding) => extractCodes(coding, undefined))
    .flatMap((type) =>
      type.code === undefined ? [] : [{ system: identifierTypeKey(type.system ?? '', type.code), code }],
    );
}

/**
 * Returns the Identifiers inside references, whether or not the reference also has an address.
 * @param path element path; if it ends in `[to=Patient]`, only references that may point to a Patient are considered
 */
export function extractReferenceIdentifiers(resource: unknown, path: string): readonly TokenValue[] {
  const { plain, type } = parseReferencePath(path);
  return elementsAt(resource, plain)
    .filter((element) => isObject(element) && (type === undefined || (referencedType(element) ?? type) === type))
    .flatMap((element) => elementsAt(element, 'identifier'))
    .filter(isObject)
    .flatMap((identifier) => extractCodes(identifier, undefined));
}

interface ReferencePath {
  readonly plain: string;
  readonly type: string | undefined;
}
const parsedReferencePaths = new Map<string, ReferencePath>();

/** Parses the element path of a reference. All paths come from tables of this server, so every result can be cached. */
function parseReferencePath(path: string): ReferencePath {
  const known = parsedReferencePaths.get(path);
  if (known !== undefined) return known;
  const [, plain = path, type] = /^(.*)\[to=(\w+)\]$/.exec(path) ?? [];
  const parts = { plain, type };
  parsedReferencePaths.set(path, parts);
  return parts;
}

/** Returns the resource type that a reference names in its address or `type`. Undefined if it names none. */
function referencedType({ reference, type }: Record<string, unknown>): string | undefined {
  const [, named] = /^(\w+)\/[^/]+$/.exec(String(reference)) ?? [];
  return named ?? (typeof type === 'string' ? type : undefined);
}
