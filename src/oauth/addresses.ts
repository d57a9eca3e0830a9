import type { Api } from '../access/index.ts';

/** Every address a client or a page of this server needs; all absolute, none ends with a slash. */
export interface Addresses {
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
  /** Path of the same keys where NextGen's discovery document names them: beside the R4 API. */
  readonly jwksBesideR4: string;
  /** Where people see what apps may do, and end it. */
  readonly management: string;
  /** SMART App Launch 2.2 §2.0.11: how the practice's pages look. */
  readonly smartStyle: string;
  /** Path, not address: forms and redirects stay on the host that the person is on. */
  readonly authorizePath: string;
  readonly fhir: Readonly<Record<Api, string>>;
}

/** One issuer, whatever spelling of the path a request used. @param stylePath where the SMART style is served */
export function addressesOf(publicUrl: string, prefix: string, stylePath = ''): Addresses {
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
