/** A FHIR API that an app can add. */
export type FhirApi = 'r4' | 'dstu2';

/** When an API was or will be deprecated, and when it is shut down. */
export interface ApiDeprecation {
  /** When the deprecation takes effect. Undefined if the API isn't deprecated. */
  readonly deprecated: Date | undefined;
  /** When the API is due to be removed. Undefined if no date is set. */
  readonly sunset: Date | undefined;
}
