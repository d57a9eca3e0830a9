import type { EnforceContext } from '../core/context.ts';
import type { Subset } from '../core/subset.ts';
import { shownOf } from '../routes/content.ts';
import type { FoundRow } from '../store/search.ts';
import type { ExportAsked } from './asked.ts';

/**
 * Creates a function that turns rows into NDJSON text: resources as the API serves them, reduced to the requested
 * elements. If elements are requested, each row must hold a single resource; otherwise it may hold several, one per
 * line.
 */
export function lineTexter(
  context: EnforceContext,
  { elements }: ExportAsked,
): (row: FoundRow) => { readonly type: string; readonly text: string } {
  const names = new Map(context.version.types.map(({ stored, name }) => [stored, name]));
  const subsets = new Map<string, Subset | undefined>();
  const subsetFor = (type: string): Subset | undefined => {
    if (!subsets.has(type)) subsets.set(type, subsetOf(type, elements));
    return subsets.get(type);
  };
  return (row) => {
    const type = names.get(row.type) ?? row.type;
    return { type, text: shownOf(row, context, subsetFor(type)) };
  };
}

/**
 * Bulk Data 2.0, `_elements`: `id,Patient.name`. A type to which none of the elements applies is exported completely.
 */
function subsetOf(type: string, elements: readonly string[]): Subset | undefined {
  const names = elements.flatMap((element) => {
    const [first = '', second] = element.split('.');
    if (second === undefined) return [first];
    return first === type ? [second] : [];
  });
  return names.length === 0 ? undefined : { kind: 'elements', names };
}
