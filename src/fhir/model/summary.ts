import type { ReferenceValue, RowCondition } from './condition.ts';
import type { Resource } from './resource.ts';

/** A search within one record for a section of a summary. */
export interface SummarySearch {
  /** Key of the section, as the version names it. */
  readonly section: string;
  /** Stored type. */
  readonly type: string;
  /** All must hold. */
  readonly conditions: readonly RowCondition[];
  /** Maximum number of resources to read, newest first. */
  readonly limit: number;
}

/** The result of a section's search. */
export interface SummarySearchResult {
  readonly search: SummarySearch;
  readonly resources: readonly Resource[];
  /** True if more resources match than were read. */
  readonly hasMore: boolean;
}

/** The content of a section. */
export interface SummarySection {
  readonly section: string;
  /** In display order. */
  readonly resources: readonly Resource[];
  /** True if further resources were left out because there are too many. */
  readonly hasMore: boolean;
}

export interface SummaryContent {
  /** Absolute base URL of the API. */
  readonly base: string;
  readonly now: Date;
  readonly uuid: () => string;
  readonly patient: Resource;
  readonly sections: readonly SummarySection[];
  /** Resources that the sections refer to, directly or indirectly. */
  readonly others: readonly Resource[];
}

/**
 * Builds the summary of a record as a self-contained document. All functions are pure: the caller authorizes and runs the
 * searches.
 */
export interface SummaryBuilder {
  /** Canonical URLs of the profiles by which a client can request it. */
  readonly profiles: readonly string[];
  searches(): readonly SummarySearch[];
  /** Assigns search results to sections. */
  selectSections(found: readonly SummarySearchResult[], now: Date): readonly SummarySection[];
  /** References of a resource to others that belong in the document as well. */
  getReferences(resource: Resource): readonly ReferenceValue[];
  /** True if the resource was entered in error and must be left out. */
  isEnteredInError(resource: Resource): boolean;
  /** Prints the document as JSON text. */
  document(content: SummaryContent): string;
}
