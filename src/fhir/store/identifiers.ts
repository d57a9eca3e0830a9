import { identifierType } from '../core/search-value.ts';
import { type Code, codesOf, elementsAt, isObject } from './elements.ts';

/**
 * FHIR R4 search §3.1.1.4.10 (`:of-type`): returns an Identifier's value once for each code of its type, in the form
 * that a search for `system|code|value` compares.
 */
export function typedIdentifier(element: unknown): readonly Code[] {
  if (!isObject(element) || typeof element['value'] !== 'string') return [];
  const code = element['value'];
  return elementsAt(element, 'type.coding')
    .flatMap((coding) => codesOf(coding, undefined))
    .flatMap((type) =>
      type.code === undefined ? [] : [{ system: identifierType(type.system ?? '', type.code), code }],
    );
}

/**
 * Returns the Identifiers in references, whether or not the reference has an address as well.
 * @param path a path ending in `[to=Patient]` keeps references that may point to that type
 */
export function referredAt(resource: unknown, path: string): readonly Code[] {
  const { plain, type } = partsOf(path);
  return elementsAt(resource, plain)
    .filter((element) => isObject(element) && (type === undefined || (typeOf(element) ?? type) === type))
    .flatMap((element) => elementsAt(element, 'identifier'))
    .filter(isObject)
    .flatMap((identifier) => codesOf(identifier, undefined));
}

interface Parts {
  readonly plain: string;
  readonly type: string | undefined;
}
const read = new Map<string, Parts>();

/** Parses a path. Results are cached: all paths come from our own tables. */
function partsOf(path: string): Parts {
  const known = read.get(path);
  if (known !== undefined) return known;
  const [, plain = path, type] = /^(.*)\[to=(\w+)\]$/.exec(path) ?? [];
  const parts = { plain, type };
  read.set(path, parts);
  return parts;
}

/** The type named by the reference; undefined if it names none. */
function typeOf({ reference, type }: Record<string, unknown>): string | undefined {
  const [, named] = /^(\w+)\/[^/]+$/.exec(String(reference)) ?? [];
  return named ?? (typeof type === 'string' ? type : undefined);
}
