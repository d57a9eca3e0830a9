import type { ExplorerConfigResponse } from '../../../src/portal-api/contract/explorer.ts';
import type { SessionResponse } from '../../../src/portal-api/contract/session.ts';
import { api } from '../../shell/api.ts';
import { base64url } from '../base64url.ts';
import {
  currentState,
  type ExplorerConnection,
  type ExplorerTokens,
  type PendingAuthorization,
  type TokenEvent,
  updateState,
} from './connection-store.ts';
import { forgetSecrets, getSecret, storeSecret } from './secret-store.ts';

/** Error in the authorization: the authorization server reported it, or its response can't be trusted. */
export class AuthorizationError extends Error {
  override readonly name = 'Refused';
}

export interface ConnectRequest extends Pick<PendingAuthorization, 'clientId' | 'name' | 'isConfidential'> {
  /** Base URL of the FHIR API that the tokens are for. */
  readonly aud: string;
  readonly scope: string;
  /** Username that prefills the sign-in page (login_hint); empty for none. */
  readonly username: string;
  readonly back: string;
}

type OAuthEndpoints = Pick<SessionResponse['addresses'], 'authorize' | 'token' | 'revoke' | 'introspect'>;
const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** Returns whether the browser offers Web Crypto, which PKCE needs. Browsers do so on https and localhost only. */
export const canSign = (): boolean => globalThis.crypto?.subtle !== undefined;

/**
 * Asks the server to set the developer's session aside, so that the browser can sign in as a test
 * patient. Then redirects to the authorization server, with an S256 code challenge (RFC 7636).
 */
export async function startAuthorization(
  server: OAuthEndpoints,
  redirectUri: string,
  request: ConnectRequest,
): Promise<void> {
  const { clientId, name, isConfidential, aud, scope, username, back } = request;
  const sent = { clientId, name, isConfidential, redirectUri, scope, back };
  const pending: PendingAuthorization = { state: random(), verifier: random(), nonce: random(), ...sent };
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier));
  await api('POST', '/developer/explorer/leave');
  updateState({ pending, connection: undefined });
  const parameters = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state: pending.state,
    nonce: pending.nonce,
    aud,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
    // A sign-in is always requested, because the browser may be signed in as the developer instead of the test account.
    prompt: 'login',
    ...(username === '' ? {} : { login_hint: username }),
  });
  location.assign(`${server.authorize}?${parameters}`);
}

/** An authorization code, with the request that it belongs to. The code can be used once, within one minute. */
export interface ReceivedCode {
  readonly pending: PendingAuthorization;
  readonly code: string;
}

/**
 * Reads the authorization response. Throws `AuthorizationError` if it is an error or doesn't belong to the request that
 * was sent.
 */
export function readAuthorizationResponse(issuer: ExplorerConfigResponse['issuer'], search: string): ReceivedCode {
  const response = new URLSearchParams(search);
  const { pending } = currentState();
  // A different `state` means that the response belongs to another request (RFC 6749 §10.12). A different `iss` means
  // that it comes from another server (RFC 9207 §2.4).
  if (pending === undefined || response.get('state') !== pending.state) throw new AuthorizationError('no-question');
  updateState({ pending: undefined });
  if (response.has('iss') && response.get('iss') !== issuer) throw new AuthorizationError('other-issuer');
  const code = response.get('code');
  if (code === null) throw new AuthorizationError(response.get('error_description') ?? response.get('error') ?? '');
  return { pending, code };
}

/**
 * Exchanges the authorization code for tokens.
 * @param secret client secret of a confidential app
 * @returns the address in the explorer to return to
 */
export async function exchangeCode(
  server: OAuthEndpoints,
  { pending, code }: ReceivedCode,
  secret?: string,
): Promise<string> {
  const { redirectUri, verifier, clientId, name, isConfidential, nonce, scope, back } = pending;
  const tokens = await requestTokens(server, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    client_id: clientId,
    ...(secret === undefined ? {} : { client_secret: secret }),
  });
  if (secret !== undefined) storeSecret(clientId, secret);
  const before = { clientId, name, isConfidential, nonce, requestedScope: scope, events: [] };
  updateState({ connection: toConnection(before, tokens, 'signed-in') });
  return back;
}

/** Refreshes the tokens. The server rotates refresh tokens, so the old one can't be used again. */
export async function refresh(server: OAuthEndpoints, connection: ExplorerConnection): Promise<void> {
  const { tokens: answer } = connection;
  await recordFailure(connection, async () => {
    const tokens = await requestTokens(server, {
      grant_type: 'refresh_token',
      refresh_token: answer.refresh_token ?? '',
      ...clientAuthentication(connection),
    });
    updateState({ connection: toConnection(connection, { ...answer, ...tokens }, 'refreshed') });
  });
}

/** Revokes the tokens (RFC 7009). They stay on the page, so that the developer can see how the server rejects them. */
export async function revoke(server: OAuthEndpoints, connection: ExplorerConnection): Promise<void> {
  const { tokens } = connection;
  await recordFailure(connection, async () => {
    const token = tokens.refresh_token ?? tokens.access_token;
    await post(server.revoke, { token, ...clientAuthentication(connection) });
    updateState({ connection: { ...connection, revoked: true, events: appendEvent(connection, 'revoked') } });
  });
}

/** Returns the request parameters with which the app authenticates (RFC 6749 §2.3.1). */
function clientAuthentication({ clientId }: ExplorerConnection): Record<string, string> {
  const secret = getSecret(clientId);
  return { client_id: clientId, ...(secret === undefined ? {} : { client_secret: secret }) };
}

/** Introspects the access token (RFC 7662). A public app authenticates this request with the token itself. */
export async function introspect(
  server: OAuthEndpoints,
  connection: ExplorerConnection,
): Promise<Record<string, unknown>> {
  const token = connection.tokens.access_token;
  if (connection.isConfidential)
    return (await post(server.introspect, { token, ...clientAuthentication(connection) })).json();
  return (await post(server.introspect, { token }, { authorization: `Bearer ${token}` })).json();
}

export function forgetConnection(): void {
  forgetSecrets();
  updateState({ connection: undefined, pending: undefined });
}

async function recordFailure(connection: ExplorerConnection, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    updateState({
      connection: { ...connection, events: appendEvent(connection, 'refused', (error as Error).message) },
    });
  }
}

const toConnection = (
  before: Pick<ExplorerConnection, 'clientId' | 'name' | 'isConfidential' | 'nonce' | 'requestedScope' | 'events'>,
  response: ExplorerTokens,
  kind: TokenEvent['kind'],
): ExplorerConnection => ({
  clientId: before.clientId,
  name: before.name,
  isConfidential: before.isConfidential,
  nonce: before.nonce,
  requestedScope: before.requestedScope,
  tokens: response,
  expiresAt: Date.now() + response.expires_in * 1000,
  revoked: false,
  events: appendEvent(before, kind),
});

const appendEvent = (
  { events }: Pick<ExplorerConnection, 'events'>,
  kind: TokenEvent['kind'],
  text?: string,
): TokenEvent[] => [{ at: Date.now(), kind, ...(text === undefined ? {} : { text }) }, ...events].slice(0, 20);

const requestTokens = async ({ token }: OAuthEndpoints, form: Record<string, string>): Promise<ExplorerTokens> =>
  (await post(token, form)).json();

async function post(
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers,
    credentials: 'omit',
  });
  if (response.ok) return response;
  const { error, error_description: text } = await response.json().catch(() => ({}));
  throw new AuthorizationError(`${response.status} ${error ?? ''}: ${text ?? ''}`);
}
