/** Names and features by which a version describes itself. */
export interface VersionDescription {
  /** Such as `FHIR R4`. */
  readonly title: string;
  /** Such as `4.0.1`. */
  readonly fhirVersion: string;
  /** Resource type of the statement at `/metadata`. */
  readonly statement: string;
  /** Media types of responses, the version's own first. */
  readonly mediaTypes: readonly string[];
  readonly about: string;
  /** True if superseded versions of resources can be read. */
  readonly hasHistory: boolean;
  /** True if the version uses `_sort:asc` and `_sort:desc`. */
  readonly sortModifiers: boolean;
}
