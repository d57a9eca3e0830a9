import { isObject } from '../../../kernel/index.ts';
import type { TokenValue } from '../../model/search-parameter.ts';
import { identifierTypeKey } from '../../search/values/search-value.ts';
import { elementsAt, extractCodes } from './elements.ts';

/**
 * FHIR R4 search §3.1.1.4.10 (`:of-type`): returns an Identifier's value once for each code of its type, in the form
 * that a search for `system|code|value` compares.
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
 * Returns the Identifiers in references, whether or not the reference has an address as well.
 * @param path a path ending in `[to=Patient]` keeps references that may point to that type
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

/** Parses a path. Results are cached: all paths come from our own tables. */
function parseReferencePath(path: string): ReferencePath {
  const known = parsedReferencePaths.get(path);
  if (known !== undefined) return known;
  const [, plain = path, type] = /^(.*)\[to=(\w+)\]$/.exec(path) ?? [];
  const parts = { plain, type };
  parsedReferencePaths.set(path, parts);
  return parts;
}

/** The type named by the reference; undefined if it names none. */
function referencedType({ reference, type }: Record<string, unknown>): string | undefined {
  const [, named] = /^(\w+)\/[^/]+$/.exec(String(reference)) ?? [];
  return named ?? (typeof type === 'string' ? type : undefined);
}
