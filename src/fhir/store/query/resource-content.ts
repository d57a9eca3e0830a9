import type { EnforcementContext } from '../../authorization/enforcement-context.ts';
import { redactTargets } from '../../authorization/redact-targets.ts';
import { mayHaveDocuments, withDocumentUrls } from '../../model/document-url.ts';
import { type ElementSubset, toSubset } from '../../search/element-subset.ts';
import type { ResourceRow } from './search.ts';

type VisibleRow = Pick<ResourceRow, 'type' | 'content' | 'unseen'>;

/**
 * Returns the JSON text of a resource as the client may see it. Most texts are sent without parsing them. Only a
 * Provenance with targets that the client may not see is parsed and printed again.
 */
export function visibleContent({ type, content, unseen = [] }: VisibleRow, base: string): string {
  if (unseen.length > 0) return redactTargets(content, unseen);
  return mayHaveDocuments(type) ? withDocumentUrls(content, base) : content;
}

/**
 * Returns the JSON text of a resource as the client may see it, reduced to the elements that `_summary` or `_elements`
 * request.
 */
export function requestedContent(
  row: VisibleRow,
  { base, version }: Pick<EnforcementContext, 'base' | 'version'>,
  subset?: ElementSubset,
): string {
  const content = visibleContent(row, base);
  return subset === undefined ? content : toSubset(content, version.elements, subset);
}
