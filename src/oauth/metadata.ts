import type { FastifyInstance } from 'fastify';
import type { Addresses } from './addresses.ts';
import { publicKeySet, type SigningKey } from './keys/signing-key.ts';
import type { ServedTypes } from './ports.ts';
import { NAMED_SCOPES } from './scopes.ts';

export interface MetadataDeps {
  readonly addresses: Addresses;
  readonly types: ServedTypes;
  readonly keys: readonly SigningKey[];
}

/** What this server can do, and nothing it can't. */
const CAPABILITIES = [
  'launch-standalone',
  'authorize-post',
  'client-public',
  'client-confidential-symmetric',
  'sso-openid-connect',
  'context-standalone-patient',
  'permission-offline',
  'permission-online',
  'permission-patient',
  'permission-v1',
  'permission-v2',
] as const;

/** RFC 8414 §2: what all three documents share. */
function serverMetadata({ addresses, types }: MetadataDeps) {
  return {
    issuer: addresses.issuer,
    authorization_endpoint: addresses.authorize,
    token_endpoint: addresses.token,
    revocation_endpoint: addresses.revoke,
    jwks_uri: addresses.jwks,
    grant_types_supported: ['authorization_code', 'refresh_token'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    scopes_supported: [...NAMED_SCOPES, 'patient/*.rs', ...types.names.map((type) => `patient/${type}.rs`)],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
}

/** SMART App Launch 2.2 §7.2 */
const smartConfiguration = (deps: MetadataDeps) => ({ ...serverMetadata(deps), capabilities: CAPABILITIES });

/** OpenID Connect Discovery §3 */
const openidConfiguration = (deps: MetadataDeps) => ({
  ...serverMetadata(deps),
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  claims_supported: ['iss', 'sub', 'aud', 'iat', 'exp', 'nonce', 'fhirUser'],
});

/** `.well-known/…` under a base: the issuer, and both FHIR bases, with the same content everywhere. */
export function discoveryRoutes(app: FastifyInstance, deps: MetadataDeps): void {
  app.get('/.well-known/smart-configuration', () => smartConfiguration(deps));
  app.get('/.well-known/openid-configuration', () => openidConfiguration(deps));
}

/** What only the issuer has. */
export function issuerRoutes(app: FastifyInstance, deps: MetadataDeps): void {
  app.get('/.well-known/oauth-authorization-server', () => serverMetadata(deps));
  app.get('/.well-known/jwks.json', () => publicKeySet(deps.keys));
}

/** RFC 8414 §3.1: the well-known path goes before the issuer's own path. */
export function rootDiscoveryRoutes(app: FastifyInstance, deps: MetadataDeps): void {
  const issuerPath = new URL(deps.addresses.issuer).pathname;
  app.get(`/.well-known/oauth-authorization-server${issuerPath}`, () => serverMetadata(deps));
}
