import type { EnforceContext } from '../core/context.ts';
import { mayHaveDocuments, withDocumentAddresses } from '../core/document-address.ts';
import { type Subset, subsetText } from '../core/subset.ts';
import { withoutTargets } from '../core/without-targets.ts';
import type { FoundRow } from '../store/search.ts';

type VisibleRow = Pick<FoundRow, 'type' | 'content' | 'unseen'>;

/**
 * Returns the JSON text of a row as the client may see it. The text is parsed and printed only if some Provenance
 * targets must be removed.
 */
export function contentOf({ type, content, unseen = [] }: VisibleRow, base: string): string {
  if (unseen.length > 0) return withoutTargets(content, unseen);
  return mayHaveDocuments(type) ? withDocumentAddresses(content, base) : content;
}

/** The same, reduced to the elements that `_summary` or `_elements` request. */
export function shownOf(
  row: VisibleRow,
  { base, version }: Pick<EnforceContext, 'base' | 'version'>,
  subset?: Subset,
): string {
  const content = contentOf(row, base);
  return subset === undefined ? content : subsetText(content, version.elements, subset);
}
