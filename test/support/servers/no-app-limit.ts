/** Settings with which no test reaches an app’s limit: some send requests for minutes, as fast as the server answers. */
export const NO_APP_LIMIT = { FHIR_REQUESTS_PER_MINUTE: '1000000' };
