import type { App, AppReviewStatus, ClientMetadata } from '../../domain/index.ts';

interface RegistrationResponseInput {
  readonly app: App;
  readonly review: AppReviewStatus;
  readonly registrationToken: string;
  readonly registrationUri: string;
  /** The new client secret. Undefined if no new secret was issued. */
  readonly clientSecret: string | undefined;
}

/** Builds the response that describes the registration as it is stored. RFC 7591 §3.2.1, RFC 7592 §3 */
export function toClientInformation({
  app,
  review,
  registrationToken,
  registrationUri,
  clientSecret,
}: RegistrationResponseInput) {
  return {
    client_id: app.clientId,
    client_id_issued_at: Math.floor(app.createdAt.getTime() / 1000),
    // An expiry of 0 means that the client secret doesn't expire.
    ...(clientSecret === undefined ? {} : { client_secret: clientSecret, client_secret_expires_at: 0 }),
    registration_access_token: registrationToken,
    registration_client_uri: registrationUri,
    ...app.metadata,
    client_name: app.name,
    redirect_uris: app.redirectUris,
    token_endpoint_auth_method: toAuthMethod(app),
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: app.scope,
    ...(app.jwks === undefined ? {} : { jwks: app.jwks }),
    ...(app.jwksUri === undefined ? {} : { jwks_uri: app.jwksUri }),
    id_token_signed_response_alg: app.idTokenAlg,
    dpop_bound_access_tokens: app.dpopBound,
    review: toReviewMember(review),
  };
}

/**
 * Returns the authentication method that the app registered. An app with a client secret can use both
 * `client_secret_basic` and `client_secret_post`, whichever of them it registered.
 */
function toAuthMethod({ auth, metadata }: ClientMetadata): unknown {
  return auth === 'secret' ? (metadata['token_endpoint_auth_method'] ?? 'client_secret_basic') : auth;
}

/**
 * Builds the extension member `review` (RFC 7591 §3.2.1): the state of the app, what an administrator still has to
 * decide, and the administrator's question or reason.
 */
const toReviewMember = ({ state, pending, rejection }: AppReviewStatus) => ({
  state,
  ...(pending === undefined ? {} : { waiting: toPendingMember(pending) }),
  ...(rejection === undefined ? {} : { refused: rejection }),
});

const toPendingMember = ({ version, since, fields, question }: NonNullable<AppReviewStatus['pending']>) => ({
  version,
  since: since.toISOString(),
  ...(fields.length === 0 ? {} : { fields: fields.map((field) => METADATA_MEMBER_NAMES[field] ?? field) }),
  ...(question === undefined ? {} : { question }),
});

/** Maps the field names of an app in this code to the names of the client metadata of RFC 7591 §2 and OpenID Connect Registration 1.0 §2. */
const METADATA_MEMBER_NAMES: Readonly<Record<string, string>> = {
  name: 'client_name',
  redirectUris: 'redirect_uris',
  policyUri: 'policy_uri',
  termsUri: 'tos_uri',
  initiateLoginUri: 'initiate_login_uri',
};
