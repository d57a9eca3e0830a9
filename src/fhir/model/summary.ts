import type { ReferenceValue, RowCondition } from './condition.ts';
import type { Resource } from './resource.ts';

/** The search that finds the resources for one section of the patient summary, within one patient record. */
export interface SummarySearch {
  /** Name of the summary section. Each FHIR version chooses its own names. */
  readonly section: string;
  /** R4 type of the resources to search. */
  readonly type: string;
  /** Conditions that a resource must meet to be found. */
  readonly conditions: readonly RowCondition[];
  /** Maximum number of resources to read, newest first. */
  readonly limit: number;
}

/** The resources that the search for a summary section found. */
export interface SummarySearchResult {
  readonly search: SummarySearch;
  readonly resources: readonly Resource[];
  /** True if the search found more resources than its limit. */
  readonly hasMore: boolean;
}

/** The resources that one section of the patient summary shows. */
export interface SummarySection {
  readonly section: string;
  /** Resources in the order in which the section lists them. */
  readonly resources: readonly Resource[];
  /** True if the section leaves out resources because there are too many. */
  readonly hasMore: boolean;
}

export interface SummaryContent {
  /** Base URL of the FHIR API: absolute, without a trailing slash. */
  readonly base: string;
  readonly now: Date;
  readonly uuid: () => string;
  readonly patient: Resource;
  readonly sections: readonly SummarySection[];
  /**
   * Resources that are in no section, but that the sections need: a resource of a section refers to them, directly or
   * through other resources.
   */
  readonly others: readonly Resource[];
}

/**
 * Builds the summary of a patient record as a self-contained document. All functions are pure: the caller checks
 * authorization and runs the searches.
 */
export interface SummaryBuilder {
  /** Canonical URLs of the profiles by which a client can request this kind of summary. */
  readonly profiles: readonly string[];
  searches(): readonly SummarySearch[];
  /** Selects the resources of each summary section from the search results. */
  selectSections(results: readonly SummarySearchResult[], now: Date): readonly SummarySection[];
  /** Returns the references of a resource to other resources that the summary document must contain as well. */
  getReferences(resource: Resource): readonly ReferenceValue[];
  /** True if the resource's status is `entered-in-error`. The summary leaves such resources out. */
  isEnteredInError(resource: Resource): boolean;
  /** Prints the summary document as JSON text. */
  document(content: SummaryContent): string;
}
