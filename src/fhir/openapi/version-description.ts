/** Names and features of one FHIR version that its OpenAPI document mentions. */
export interface VersionDescription {
  /** Name of the FHIR version, such as `FHIR R4`. */
  readonly title: string;
  /** Number of the FHIR version, such as `4.0.1`. */
  readonly fhirVersion: string;
  /** Resource type at `/metadata`: CapabilityStatement or Conformance. */
  readonly statement: string;
  /** Media types of responses. The first one is the JSON type of the FHIR version. */
  readonly mediaTypes: readonly string[];
  readonly about: string;
  /** True if clients can read older versions of resources. */
  readonly hasHistory: boolean;
  /** True if clients sort with the DSTU2 modifiers `_sort:asc` and `_sort:desc`. */
  readonly sortModifiers: boolean;
}
