import type { FhirApi } from '../domain/index.ts';

/** Every URL of this server that clients or pages need. All are absolute unless noted, and none ends with a slash. */
export interface OAuthAddresses {
  /** Scheme, host and port. */
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
  /** Path of the JSON Web Key Set beside the R4 API, where NextGen's discovery document locates it. */
  readonly jwksBesideR4: string;
  /** Page where people see and end the access of apps. */
  readonly management: string;
  /** SMART App Launch 2.2 §2.0.11: style of the practice's pages (`smart_style_url`). */
  readonly smartStyle: string;
  /** A path without host, so that forms and redirects stay on the host that the browser used. */
  readonly authorizePath: string;
  readonly fhir: Readonly<Record<FhirApi, string>>;
}

/**
 * Builds the addresses. There is one issuer, regardless of the spelling of the path in a request.
 * @param stylePath path of the SMART style
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
