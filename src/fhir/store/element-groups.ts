import type { PartTest } from '../core/condition.ts';
import type { Resource } from '../core/version.ts';
import { codesOf, elementsAt, isObject } from './elements.ts';
import { quantitiesOf } from './quantity.ts';

/** A repeating element whose components are searched together. FHIR R4 search §3.1.1.4.14 (composite parameters) */
export interface GroupIndex {
  /** Path of the repeating element. */
  readonly group: string;
  readonly parts: readonly GroupPart[];
}
export interface GroupPart {
  readonly kind: PartTest['kind'];
  /** Relative to the repeating element. */
  readonly paths: readonly string[];
  /** The code system of elements of type `code`, which don't name one. */
  readonly system?: string;
}

/**
 * Returns the component values of each element that has all components: `[[['http://loinc.org', '8480-6']], [['120',
 * '120', …]]]`. Codes and ids are lowercased, because they are compared that way.
 */
export function groupsOf(resource: Resource, { group, parts }: GroupIndex): readonly (readonly unknown[])[] {
  return elementsAt(resource, group)
    .map((element) => parts.map((part) => part.paths.flatMap((path) => valuesAt(element, path, part))))
    .filter((values) => values.every((of) => of.length > 0));
}

function valuesAt(element: unknown, path: string, { kind, system }: GroupPart): readonly unknown[] {
  const found = elementsAt(element, path);
  if (kind === 'quantity') return found.flatMap(quantitiesOf);
  if (kind === 'reference') return found.flatMap(referencesOf);
  const codes = found.flatMap((one) => codesOf(one, system)).map((one) => [one.system ?? null, lower(one.code)]);
  // An implied system also matches a search for a code without a system.
  return system === undefined
    ? codes
    : codes.flatMap(([own, code]) => [
        [own, code],
        [null, code],
      ]);
}

/** Returns `[type, id]` of a reference within the record or its directory. An absolute URL has no type. */
function referencesOf(element: unknown): readonly (readonly (string | null)[])[] {
  const text = isObject(element) ? element['reference'] : undefined;
  if (typeof text !== 'string') return [];
  const [type = '', id = '', ...rest] = text.split('/');
  return [id === '' || rest.length > 0 ? [null, text.toLowerCase()] : [type, id.toLowerCase()]];
}

const lower = (code: string | undefined): string | null => code?.toLowerCase() ?? null;
