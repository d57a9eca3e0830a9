import type { EnforceContext } from '../core/context.ts';
import { mayHaveDocuments, withDocumentAddresses } from '../core/document-address.ts';
import { type Subset, subsetText } from '../core/subset.ts';
import { withoutTargets } from '../core/without-targets.ts';
import type { FoundRow } from '../store/search.ts';

type Shown = Pick<FoundRow, 'type' | 'content' | 'unseen'>;

/** The text of a row as it is shown: read, and written again, only where a part of it is not seen. */
export function contentOf({ type, content, unseen = [] }: Shown, base: string): string {
  if (unseen.length > 0) return withoutTargets(content, unseen);
  return mayHaveDocuments(type) ? withDocumentAddresses(content, base) : content;
}

/** The same, or the part of it that is asked for. */
export function shownOf(
  row: Shown,
  { base, version }: Pick<EnforceContext, 'base' | 'version'>,
  subset?: Subset,
): string {
  const content = contentOf(row, base);
  return subset === undefined ? content : subsetText(content, version.elements, subset);
}
