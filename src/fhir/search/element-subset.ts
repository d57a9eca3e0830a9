import { isLosslessNumber } from 'lossless-json';
import type { Resource } from '../model/fhir-version.ts';
import { parseJson, printJson } from '../model/json.ts';
import { withSubsettedTag } from '../model/subsetted-tag.ts';
import type { FhirElementDefinition, FhirElements } from '../model/xml/element-definitions.ts';
import { invalidSearch } from './values/search-value.ts';

/**
 * The elements of each resource that the client requests with `_summary` (FHIR R4 search §3.1.1.5.8) or `_elements`
 * (§3.1.1.5.9).
 */
export type ElementSubset =
  | { readonly kind: 'true' | 'text' | 'data' }
  | { readonly kind: 'elements'; readonly names: readonly string[] };

/**
 * Parses `_summary` or `_elements`.
 * @returns `count` if the client wants only the total, `whole` if it wants complete resources, and undefined for any
 * other parameter
 * @throws Problem 400
 */
export function readSubset(name: string, value: string): ElementSubset | 'count' | 'whole' | undefined {
  if (name === '_elements') return { kind: 'elements', names: value.split(',').filter((one) => one !== '') };
  if (name !== '_summary') return undefined;
  if (value === 'count') return 'count';
  if (value === 'false') return 'whole';
  if (value === 'true' || value === 'text' || value === 'data') return { kind: value };
  throw invalidSearch('The parameter _summary expects true, text, data, count or false.');
}

/**
 * Parses `_summary` and `_elements` of a read. Other parameters don't affect the content of a read.
 * @throws Problem 400
 */
export function readSubsetParameters(
  pairs: readonly (readonly [name: string, value: string])[],
): ElementSubset | undefined {
  const found = pairs.map(([name, value]) => readSubset(name, value)).find((one) => one !== undefined);
  return typeof found === 'object' ? found : undefined;
}

/**
 * Reduces a resource to a subset of its elements and tags it as `SUBSETTED`. Id, meta and required elements always remain.
 * @param content JSON text of the resource
 * @returns JSON text
 */
export function toSubset(content: string, elements: FhirElements, subset: ElementSubset): string {
  const { resourceType, id, meta, ...rest } = parseJson(content) as Resource;
  const selected = selectElements(rest, resourceType, elements, subset);
  return printJson({ resourceType, id, meta: withSubsettedTag(meta), ...selected });
}

const INCLUDED_ELEMENTS: Readonly<Record<'true' | 'text' | 'data', (element: FhirElementDefinition) => boolean>> = {
  true: ({ summary }) => summary,
  text: ({ name }) => name === 'text',
  data: ({ name }) => name !== 'text',
};

function selectElements(value: object, type: string, elements: FhirElements, subset: ElementSubset): object {
  const defined = elements.getType(type).elements;
  const entries = Object.entries(value).flatMap(([name, part]) => {
    const element = defined.get(name.replace(/^_/, ''));
    if (element === undefined || !(element.required || isSelected(element, subset))) return [];
    // The summary of a backbone element contains only some of its elements, so the selection is applied inside it
    // again.
    const inner = subset.kind === 'true' && element.type.includes('.') ? element.type : undefined;
    return [[name, inner === undefined ? part : selectNestedElements(part, inner, elements, subset)] as const];
  });
  return Object.fromEntries(entries);
}

const selectNestedElements = (value: unknown, type: string, elements: FhirElements, subset: ElementSubset): unknown => {
  if (Array.isArray(value)) return value.map((one) => selectNestedElements(one, type, elements, subset));
  if (typeof value !== 'object' || value === null || isLosslessNumber(value)) return value;
  return selectElements(value, type, elements, subset);
};

function isSelected(element: FhirElementDefinition, subset: ElementSubset): boolean {
  if (subset.kind !== 'elements') return INCLUDED_ELEMENTS[subset.kind](element);
  const { name, choice } = element;
  return subset.names.some((one) => one === name || one === choice || `${one}[x]` === choice);
}
