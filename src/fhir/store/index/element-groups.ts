import { isObject } from '../../../kernel/index.ts';
import type { ElementPartTest } from '../../model/condition.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { elementsAt, extractCodes } from './elements.ts';
import { extractQuantities } from './quantities.ts';

/** A repeating element whose components are searched together. FHIR R4 search §3.1.1.4.14 (composite parameters) */
export interface ElementGroupIndex {
  /** Path of the repeating element. */
  readonly group: string;
  readonly parts: readonly ElementGroupPart[];
}
export interface ElementGroupPart {
  readonly kind: ElementPartTest['kind'];
  /** Relative to the repeating element. */
  readonly paths: readonly string[];
  /** The code system of elements of type `code`, which don't name one. */
  readonly system?: string;
}

/**
 * Returns the component values of each element that has all components: `[[['http://loinc.org', '8480-6']], [['120',
 * '120', …]]]`. Codes and ids are lowercased, because they are compared that way.
 */
export function extractElementGroups(
  resource: Resource,
  { group, parts }: ElementGroupIndex,
): readonly (readonly unknown[])[] {
  return elementsAt(resource, group)
    .map((element) => parts.map((part) => part.paths.flatMap((path) => extractPartValues(element, path, part))))
    .filter((values) => values.every((of) => of.length > 0));
}

function extractPartValues(element: unknown, path: string, { kind, system }: ElementGroupPart): readonly unknown[] {
  const found = elementsAt(element, path);
  if (kind === 'quantity') return found.flatMap(extractQuantities);
  if (kind === 'reference') return found.flatMap(extractReferencePairs);
  const codes = found
    .flatMap((one) => extractCodes(one, system))
    .map((one) => [one.system ?? null, lowercaseCode(one.code)]);
  // An implied system also matches a search for a code without a system.
  return system === undefined
    ? codes
    : codes.flatMap(([own, code]) => [
        [own, code],
        [null, code],
      ]);
}

/** Returns `[type, id]` of a reference within the record or its directory. An absolute URL has no type. */
function extractReferencePairs(element: unknown): readonly (readonly (string | null)[])[] {
  const text = isObject(element) ? element['reference'] : undefined;
  if (typeof text !== 'string') return [];
  const [type = '', id = '', ...rest] = text.split('/');
  return [id === '' || rest.length > 0 ? [null, text.toLowerCase()] : [type, id.toLowerCase()]];
}

const lowercaseCode = (code: string | undefined): string | null => code?.toLowerCase() ?? null;
