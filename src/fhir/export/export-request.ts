/** The parameters of an export request, stored with its job. */
export interface ExportRequest {
  /** Names of the requested resource types. undefined means every type that the token allows. */
  readonly types: readonly string[] | undefined;
  /**
   * Searches that limit what is exported of a resource type. A resource is exported if at least one search of its type
   * finds it. Types without a search are exported completely.
   */
  readonly filters: readonly TypeFilter[];
  /**
   * Names of the elements to export, optionally with a type as prefix (`Patient.name`). An empty list means all
   * elements.
   */
  readonly elements: readonly string[];
  /** ISO 8601 time of `_since`. Only resources that changed after it are exported. undefined means no limit. */
  readonly since: string | undefined;
  /** Ids of the patients to export. undefined means all patients. */
  readonly patients: readonly string[] | undefined;
}

/**
 * A search that limits what is exported of one resource type. The query is still percent-encoded, for example
 * `status=active&code=1`.
 */
export interface TypeFilter {
  readonly type: string;
  readonly query: string;
}
