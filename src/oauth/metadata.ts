import type { FastifyInstance } from 'fastify';
import type { OAuthAddresses } from './addresses.ts';
import { JWKS_MAX_AGE, type SigningKeyring } from './keys/keyring.ts';
import { SIGNING_ALGS } from './keys/signing-key-store.ts';
import type { ServedTypes } from './ports.ts';
import { SUPPORTED_NAMED_SCOPES } from './scopes/grantable-scopes.ts';
import { RESOURCE_CATEGORIES } from './scopes/resource-categories.ts';
import { DPOP_ALGS } from './token/dpop.ts';

export interface MetadataDeps {
  readonly addresses: OAuthAddresses;
  readonly types: ServedTypes;
  readonly keyring: SigningKeyring;
  /** Whether dynamic client registration (RFC 7591) is on. */
  readonly registration: boolean;
  /** Value of the parameter `iss` in redirects to apps (RFC 9207 §2). Undefined if redirects carry no `iss`. */
  readonly responseIssuer: string | undefined;
  /** Loads the metadata of the published practice brands. Undefined before the first publication. */
  brands(): Promise<UserAccessBrandsMetadata | undefined>;
}

/** Members of the SMART configuration that lead to the practice brands. SMART App Launch 2.2, User-access Brands */
export interface UserAccessBrandsMetadata {
  readonly user_access_brand_bundle: string;
  /** FHIR Identifier of the main brand in the brand bundle. */
  readonly user_access_brand_identifier: { readonly system: string; readonly value: string };
}

/** Capabilities in the SMART configuration that this server supports. SMART App Launch 2.2, Conformance */
const CAPABILITIES = [
  'launch-ehr',
  'launch-standalone',
  'authorize-post',
  'client-public',
  'client-confidential-symmetric',
  'client-confidential-asymmetric',
  'sso-openid-connect',
  'context-banner',
  'context-style',
  'context-ehr-patient',
  'context-ehr-encounter',
  'context-standalone-patient',
  'permission-offline',
  'permission-online',
  'permission-patient',
  'permission-user',
  'permission-v1',
  'permission-v2',
] as const;

/** Client authentication methods of the token endpoint. */
const AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const;
/**
 * Authentication methods of the introspection endpoint, which requires authentication (RFC 7662 §2.1). A public app
 * authenticates with one of its own access tokens. RFC 8414 §2 allows token types in this list beside the methods.
 */
const INTROSPECTION_AUTH_METHODS = [...AUTH_METHODS.filter((method) => method !== 'none'), 'Bearer', 'DPoP'];
/**
 * Signature algorithms that clients can use for client assertions. SMART App Launch 2.2, asymmetric client
 * authentication, requires servers to accept RS384 and ES384.
 */
const ASSERTION_ALGS = ['RS384', 'ES384'] as const;

/** Builds the members of RFC 8414 §2 that all three metadata documents share. */
function serverMetadata({ addresses, types, registration, responseIssuer }: MetadataDeps) {
  return {
    issuer: addresses.issuer,
    authorization_endpoint: addresses.authorize,
    token_endpoint: addresses.token,
    revocation_endpoint: addresses.revoke,
    introspection_endpoint: addresses.introspect,
    userinfo_endpoint: addresses.userinfo,
    pushed_authorization_request_endpoint: addresses.par,
    ...(registration ? { registration_endpoint: addresses.register } : {}),
    jwks_uri: addresses.jwks,
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    scopes_supported: [...SUPPORTED_NAMED_SCOPES, ...advertisedResourceScopes(types)],
    token_endpoint_auth_methods_supported: AUTH_METHODS,
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGS,
    revocation_endpoint_auth_methods_supported: AUTH_METHODS,
    revocation_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGS,
    introspection_endpoint_auth_methods_supported: INTROSPECTION_AUTH_METHODS,
    introspection_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGS,
    code_challenge_methods_supported: ['S256'],
    dpop_signing_alg_values_supported: DPOP_ALGS,
    require_pushed_authorization_requests: false,
    authorization_response_iss_parameter_supported: responseIssuer !== undefined,
  };
}

const advertisedResourceScopes = (types: ServedTypes): readonly string[] => [
  ...['patient', 'user', 'system'].map((context) => `${context}/*.rs`),
  'system/*.cud',
  ...types.names.map((type) => `patient/${type}.rs`),
  ...GRANULAR_SCOPES,
];

/**
 * Granular scopes in the metadata. A server advertises those that US Core requires it to support (US Core 7.0.0,
 * scopes).
 */
const GRANULAR_SCOPES: readonly string[] = Object.entries(RESOURCE_CATEGORIES).flatMap(([type, parts]) =>
  Object.values(parts).map(({ codings }) => `patient/${type}.rs?category=${codings[0]}`),
);

/**
 * Builds the SMART configuration. `management_endpoint` is the page where people see their connected apps and can
 * disconnect them (SMART App Launch 2.2 §7.2).
 */
const smartConfiguration = async (deps: MetadataDeps) => ({
  ...serverMetadata(deps),
  management_endpoint: deps.addresses.management,
  ...(await deps.brands()),
  capabilities: CAPABILITIES,
});

/** Builds the metadata document of OpenID Connect Discovery §3. */
const openidConfiguration = (deps: MetadataDeps) => ({
  ...serverMetadata(deps),
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: SIGNING_ALGS,
  prompt_values_supported: ['login', 'consent', 'select_account', 'none'],
  request_parameter_supported: false,
  request_uri_parameter_supported: false,
  claims_supported: ['iss', 'sub', 'aud', 'iat', 'exp', 'nonce', 'auth_time', 'fhirUser', 'name'],
});

/**
 * Serves the `.well-known` documents that exist below the issuer and below both FHIR base URLs, with the same content
 * everywhere.
 */
export function discoveryRoutes(app: FastifyInstance, deps: MetadataDeps): void {
  app.get('/.well-known/smart-configuration', () => smartConfiguration(deps));
  app.get('/.well-known/openid-configuration', () => openidConfiguration(deps));
}

/** Serves the `.well-known` documents that exist only below the issuer. */
export function issuerRoutes(app: FastifyInstance, deps: MetadataDeps): void {
  app.get('/.well-known/oauth-authorization-server', () => serverMetadata(deps));
  keysRoute(app, '/.well-known/jwks.json', deps);
}

/** Serves the JSON Web Key Set. RFC 7517 §5 */
const keysRoute = (app: FastifyInstance, path: string, { keyring }: MetadataDeps): void =>
  void app.get(path, (_request, reply) => {
    reply.header('cache-control', `public, max-age=${JWKS_MAX_AGE}`);
    return keyring.publicKeySet();
  });

/**
 * Serves metadata at the root of the host: RFC 8414 §3.1 and §5 put the well-known segment before the path of the
 * issuer. Also serves the key set where clients written for NextGen's API may expect it.
 */
export function rootDiscoveryRoutes(app: FastifyInstance, deps: MetadataDeps): void {
  const issuerPath = new URL(deps.addresses.issuer).pathname;
  app.get(`/.well-known/oauth-authorization-server${issuerPath}`, () => serverMetadata(deps));
  app.get(`/.well-known/openid-configuration${issuerPath}`, () => openidConfiguration(deps));
  keysRoute(app, deps.addresses.jwksBesideR4, deps);
}
