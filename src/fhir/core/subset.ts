import { isLosslessNumber } from 'lossless-json';
import { parseJson, printJson } from './json.ts';
import { invalid } from './search-value.ts';
import { subsetted } from './subsetted.ts';
import type { Resource } from './version.ts';
import type { ElementDefinition, Elements } from './xml/elements.ts';

/** Elements to return of each resource. FHIR R4 search §3.1.1.5.8, `_summary`, and §3.1.1.5.9, `_elements` */
export type Subset =
  | { readonly kind: 'true' | 'text' | 'data' }
  | { readonly kind: 'elements'; readonly names: readonly string[] };

/**
 * Reads `_summary` or `_elements`. Returns `count` if no resources are requested, `whole` for complete resources, and
 * undefined for another parameter.
 * @throws Problem 400
 */
export function readSubset(name: string, value: string): Subset | 'count' | 'whole' | undefined {
  if (name === '_elements') return { kind: 'elements', names: value.split(',').filter((one) => one !== '') };
  if (name !== '_summary') return undefined;
  if (value === 'count') return 'count';
  if (value === 'false') return 'whole';
  if (value === 'true' || value === 'text' || value === 'data') return { kind: value };
  throw invalid('The parameter _summary expects true, text, data, count or false.');
}

/**
 * Reads the subset that a read requests. A read has no other parameters for its content.
 * @throws Problem 400
 */
export function subsetOfRead(pairs: readonly (readonly [name: string, value: string])[]): Subset | undefined {
  const found = pairs.map(([name, value]) => readSubset(name, value)).find((one) => one !== undefined);
  return typeof found === 'object' ? found : undefined;
}

/**
 * Reduces a resource to a subset of its elements and tags it as `SUBSETTED`. Id, meta and required elements always remain.
 * @param content JSON text of the resource
 * @returns JSON text
 */
export function subsetText(content: string, elements: Elements, subset: Subset): string {
  const { resourceType, id, meta, ...rest } = parseJson(content) as Resource;
  const selected = keptOf(rest, resourceType, elements, subset);
  return printJson({ resourceType, id, meta: subsetted(meta), ...selected });
}

const WITHOUT: Readonly<Record<'true' | 'text' | 'data', (element: ElementDefinition) => boolean>> = {
  true: ({ summary }) => summary,
  text: ({ name }) => name === 'text',
  data: ({ name }) => name !== 'text',
};

function keptOf(value: object, type: string, elements: Elements, subset: Subset): object {
  const defined = elements.typeOf(type).elements;
  const entries = Object.entries(value).flatMap(([name, part]) => {
    const element = defined.get(name.replace(/^_/, ''));
    if (element === undefined || !(element.required || isWanted(element, subset))) return [];
    // Within a backbone element, the summary again contains only some of the elements.
    const inner = subset.kind === 'true' && element.type.includes('.') ? element.type : undefined;
    return [[name, inner === undefined ? part : partsOf(part, inner, elements, subset)] as const];
  });
  return Object.fromEntries(entries);
}

const partsOf = (value: unknown, type: string, elements: Elements, subset: Subset): unknown => {
  if (Array.isArray(value)) return value.map((one) => partsOf(one, type, elements, subset));
  if (typeof value !== 'object' || value === null || isLosslessNumber(value)) return value;
  return keptOf(value, type, elements, subset);
};

function isWanted(element: ElementDefinition, subset: Subset): boolean {
  if (subset.kind !== 'elements') return WITHOUT[subset.kind](element);
  const { name, choice } = element;
  return subset.names.some((one) => one === name || one === choice || `${one}[x]` === choice);
}
