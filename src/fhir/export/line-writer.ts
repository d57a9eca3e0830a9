import type { EnforcementContext } from '../authorization/enforcement-context.ts';
import type { ElementSubset } from '../search/element-subset.ts';
import { requestedContent } from '../store/query/resource-content.ts';
import type { ResourceRow } from '../store/query/search.ts';
import type { ExportRequest } from './export-request.ts';

/**
 * Creates a function that turns database rows into NDJSON text: the resources as the API serves them, reduced to the
 * requested elements. If elements are requested, a row must contain a single resource. Otherwise it may contain
 * several, one per line.
 */
export function createLineWriter(
  context: EnforcementContext,
  { elements }: ExportRequest,
): (row: ResourceRow) => { readonly type: string; readonly text: string } {
  const names = new Map(context.version.types.map(({ stored, name }) => [stored, name]));
  const subsets = new Map<string, ElementSubset | undefined>();
  const subsetFor = (type: string): ElementSubset | undefined => {
    if (!subsets.has(type)) subsets.set(type, elementSubset(type, elements));
    return subsets.get(type);
  };
  return (row) => {
    const type = names.get(row.type) ?? row.type;
    return { type, text: requestedContent(row, context, subsetFor(type)) };
  };
}

/**
 * Returns the elements of a type that an export contains. Bulk Data 2.0, `_elements`, such as `id,Patient.name`: a type
 * to which none of the elements applies is exported completely.
 */
function elementSubset(type: string, elements: readonly string[]): ElementSubset | undefined {
  const names = elements.flatMap((element) => {
    const [first = '', second] = element.split('.');
    if (second === undefined) return [first];
    return first === type ? [second] : [];
  });
  return names.length === 0 ? undefined : { kind: 'elements', names };
}
