import { identifierType } from '../core/search-value.ts';
import { type Code, codesOf, elementsAt, isObject } from './elements.ts';

/**
 * The value of an Identifier under each code of its type: asked for as `system|code|value`. FHIR R4 search §3.1.1.4.10,
 * `:of-type`
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
 * The Identifiers of what is referred to, whether there is an address beside them or not.
 * @param path with `[to=Patient]` at its end, those that may be of that type
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

/** The paths of our tables, each of them read once. */
function partsOf(path: string): Parts {
  const known = read.get(path);
  if (known !== undefined) return known;
  const [, plain = path, type] = /^(.*)\[to=(\w+)\]$/.exec(path) ?? [];
  const parts = { plain, type };
  read.set(path, parts);
  return parts;
}

/** As the reference says; undefined: it doesn't. */
function typeOf({ reference, type }: Record<string, unknown>): string | undefined {
  const [, named] = /^(\w+)\/[^/]+$/.exec(String(reference)) ?? [];
  return named ?? (typeof type === 'string' ? type : undefined);
}
