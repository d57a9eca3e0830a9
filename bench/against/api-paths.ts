/** Paths of the APIs with the default `PREFIX`. */
export const TOKEN_PATH = '/nge/prod/patient-oauth/token';
export const R4 = '/nge/prod/fhir-api-r4/fhir/r4';
export const DSTU2 = '/nge/prod/fhir-api/fhir/dstu2';
