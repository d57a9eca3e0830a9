// SMART App Launch 2.2, standalone launch, as a public client: authorization code with PKCE.
import { Failure, fetchWithRetry, readFailure } from './failure.js';
import { session } from './session.js';

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** RFC 7636 §4.2: the challenge of method S256. */
const codeChallenge = async (verifier) =>
  base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));

/** Redirects to the authorization server. */
export async function connect(config) {
  if (crypto.subtle === undefined) {
    throw new Failure('This browser allows the app no cryptography here. Open it at localhost or over https.');
  }
  const pending = { state: random(), verifier: random() };
  session.set({ pending });
  const parameters = new URLSearchParams({
    response_type: 'code',
    client_id: config.clientId,
    redirect_uri: config.redirectUri,
    scope: config.scope,
    state: pending.state,
    aud: config.r4Base,
    code_challenge: await codeChallenge(pending.verifier),
    code_challenge_method: 'S256',
  });
  location.assign(`${config.authorizeUrl}?${parameters}`);
}

/**
 * Takes the authorization response from the address, if there is one. The address is cleaned at once, so that the code
 * doesn't stay in the history and a reload doesn't send it twice.
 */
export function takeAuthorizationResponse(config) {
  const response = new URLSearchParams(location.search);
  if (!response.has('code') && !response.has('error')) return;
  history.replaceState(null, '', location.pathname);
  const pending = session.get('pending');
  // RFC 6749 §10.12 and RFC 9207 §2.4: the response belongs to another request or comes from another server.
  if (pending === undefined || response.get('state') !== pending.state) {
    throw new Failure('This answer belongs to no question of this tab. Please connect again.');
  }
  if (response.has('iss') && response.get('iss') !== config.issuer) {
    throw new Failure('The answer came from another server than the one that was asked. Please connect again.');
  }
  if (response.has('error')) {
    session.clear();
    throw new Failure(response.get('error_description') ?? response.get('error'), { code: response.get('error') });
  }
  session.set({ code: response.get('code') });
}

/**
 * Exchanges the returned code. The code stays stored until the response arrives, so that a reload in between can
 * continue.
 */
export async function exchange(config) {
  const tokens = await requestTokens(config, {
    grant_type: 'authorization_code',
    code: session.get('code'),
    redirect_uri: config.redirectUri,
    code_verifier: session.get('pending').verifier,
  });
  session.set({ tokens, code: undefined, pending: undefined });
}

let refreshing;

/** A refresh token works once, so concurrent requests share one refresh. */
export function refresh(config) {
  refreshing ??= requestTokens(config, {
    grant_type: 'refresh_token',
    refresh_token: session.get('tokens').refresh_token,
  })
    .then((tokens) => session.set({ tokens: { ...session.get('tokens'), ...tokens } }))
    .finally(() => {
      refreshing = undefined;
    });
  return refreshing;
}

/** RFC 7009. The tokens are deleted locally whatever the server responds. */
export async function disconnect(config) {
  const tokens = session.get('tokens');
  session.clear();
  const token = tokens.refresh_token ?? tokens.access_token;
  const response = await post(config.revokeUrl, { token, client_id: config.clientId });
  if (!response.ok) throw await readFailure(response);
}

async function requestTokens(config, form) {
  const response = await post(config.tokenUrl, { ...form, client_id: config.clientId });
  if (!response.ok) throw await readFailure(response);
  const tokens = await response.json();
  return { ...tokens, expires_at: Date.now() + tokens.expires_in * 1000 };
}

/** A request with a code is sent once, because the response may be lost after the server used up the code. */
const post = (url, form) =>
  fetchWithRetry(url, { method: 'POST', body: new URLSearchParams(form) }, form.code === undefined ? 3 : 1);
