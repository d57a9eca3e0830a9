/** A FHIR API that an app can be registered for: one for each FHIR version. */
export type FhirApi = 'r4' | 'dstu2';

/** Dates of an API's deprecation and shutdown. */
export interface ApiDeprecation {
  /** Time from which the API counts as deprecated. Undefined if it isn't deprecated. */
  readonly deprecated: Date | undefined;
  /** Time at which the API is due to be shut down. Undefined if no date is set. */
  readonly sunset: Date | undefined;
}
