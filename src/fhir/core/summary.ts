import type { Condition, ReferenceValue } from './condition.ts';
import type { Resource } from './resource.ts';

/** What one section of a summary is looked for by, in one record. */
export interface SummarySearch {
  /** Of the section, in the version's own words. */
  readonly section: string;
  /** As stored. */
  readonly type: string;
  /** All must hold. */
  readonly conditions: readonly Condition[];
  /** How many are looked at, the newest first. */
  readonly limit: number;
}

/** What a search of a section found. */
export interface SummaryFound {
  readonly search: SummarySearch;
  readonly resources: readonly Resource[];
  /** Whether there are others beside these. */
  readonly more: boolean;
}

/** What a section is made of. */
export interface SummarySection {
  readonly section: string;
  /** In the order they are told. */
  readonly resources: readonly Resource[];
  /** Whether there are others that are left out because they are too many. */
  readonly more: boolean;
}

export interface SummaryContent {
  /** Of this API, absolute. */
  readonly base: string;
  readonly now: Date;
  readonly uuid: () => string;
  readonly patient: Resource;
  readonly sections: readonly SummarySection[];
  /** What they refer to, directly or through others. */
  readonly others: readonly Resource[];
}

/**
 * How a version makes a summary of a record: as a document that stands by itself. All of it is pure; what is found, and that
 * it may be, is the caller's part.
 */
export interface SummaryMaker {
  /** Canonical addresses of the profiles it can be asked for by. */
  readonly profiles: readonly string[];
  searches(): readonly SummarySearch[];
  /** What of the found goes in which section. */
  choose(found: readonly SummaryFound[], now: Date): readonly SummarySection[];
  /** What a resource refers to that belongs in the document beside it. */
  referredTo(resource: Resource): readonly ReferenceValue[];
  /** That it was entered in error, and so is no part of a summary. */
  isMistake(resource: Resource): boolean;
  /** JSON text of the document. */
  document(content: SummaryContent): string;
}
