/** What a version says of itself. */
export interface VersionWords {
  /** `FHIR R4` */
  readonly title: string;
  /** `4.0.1` */
  readonly fhirVersion: string;
  /** What it calls the statement at `/metadata`. */
  readonly statement: string;
  /** Of its answers, its own first. */
  readonly mediaTypes: readonly string[];
  readonly about: string;
  /** Whether superseded versions can be read. */
  readonly versions: boolean;
  /** Whether `_sort:asc` and `_sort:desc` are its way to say so. */
  readonly sortModifiers: boolean;
}
