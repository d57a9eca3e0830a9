import type { FhirApi } from '../domain/index.ts';

/** Addresses of this server for clients and pages. Each is an absolute URL unless noted, and none ends with a slash. */
export interface OAuthAddresses {
  /** Scheme, host and port of this server, such as `https://example.org`. */
  readonly origin: string;
  readonly issuer: string;
  readonly authorize: string;
  readonly token: string;
  readonly revoke: string;
  readonly introspect: string;
  readonly userinfo: string;
  readonly par: string;
  readonly register: string;
  readonly jwks: string;
  /**
   * Path of a second copy of the JSON Web Key Set, under the R4 API. NextGen's discovery document names this path, so
   * clients written for NextGen's API may expect the key set there.
   */
  readonly jwksBesideR4: string;
  /** URL of the page where people see their connected apps and can disconnect them. */
  readonly management: string;
  /**
   * URL of the style properties of the pages. Apps can use these properties to look like the pages. The URL is
   * published as `smart_style_url` (SMART App Launch 2.2 §2.0.11).
   */
  readonly smartStyle: string;
  /**
   * Path of the authorization endpoint. Forms and redirects use the path without a host, so that they stay on the host
   * that the browser used.
   */
  readonly authorizePath: string;
  readonly fhir: Readonly<Record<FhirApi, string>>;
}

/**
 * Builds the addresses of this server. The issuer is always the same, even if a client sends its request to an
 * alternative spelling of the issuer's path.
 * @param stylePath path of the file behind `smartStyle`
 */
export function createAddresses(publicUrl: string, prefix: string, stylePath = ''): OAuthAddresses {
  const issuer = `${publicUrl}${prefix}/patient-oauth`;
  return {
    origin: publicUrl,
    issuer,
    authorize: `${issuer}/authorize`,
    token: `${issuer}/token`,
    revoke: `${issuer}/token/revoke`,
    introspect: `${issuer}/introspect`,
    userinfo: `${issuer}/userinfo`,
    par: `${issuer}/par`,
    register: `${issuer}/register`,
    jwks: `${issuer}/.well-known/jwks.json`,
    jwksBesideR4: `${prefix}/fhir-api-r4/.well-known/jwks.json`,
    management: `${publicUrl}/account`,
    smartStyle: `${publicUrl}${stylePath}`,
    authorizePath: `${prefix}/patient-oauth/authorize`,
    fhir: {
      r4: `${publicUrl}${prefix}/fhir-api-r4/fhir/r4`,
      dstu2: `${publicUrl}${prefix}/fhir-api/fhir/dstu2`,
    },
  };
}
