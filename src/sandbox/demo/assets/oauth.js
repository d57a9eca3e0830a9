// SMART App Launch 2.2, standalone launch, as a public client: authorization code with PKCE.
import { Failure, failureOf, fetchPatiently } from './failure.js';
import { session } from './session.js';

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** RFC 7636 §4.2: the challenge of method S256. */
const challengeOf = async (verifier) =>
  base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));

/** Leaves for the authorization server. */
export async function connect(config) {
  if (crypto.subtle === undefined) {
    throw new Failure('This browser allows the app no cryptography here. Open it at localhost or over https.');
  }
  const pending = { state: random(), verifier: random() };
  session.set({ pending });
  const question = new URLSearchParams({
    response_type: 'code',
    client_id: config.clientId,
    redirect_uri: config.redirectUri,
    scope: config.scope,
    state: pending.state,
    aud: config.r4Base,
    code_challenge: await challengeOf(pending.verifier),
    code_challenge_method: 'S256',
  });
  location.assign(`${config.authorizeUrl}?${question}`);
}

/**
 * What the authorization server sent back in the address, if it did. The address is cleaned at once: a code should
 * be in no history, and a reload must not send it twice.
 */
export function takeAnswer(config) {
  const answer = new URLSearchParams(location.search);
  if (!answer.has('code') && !answer.has('error')) return;
  history.replaceState(null, '', location.pathname);
  const pending = session.get('pending');
  // RFC 6749 §10.12 and RFC 9207 §2.4: not our question, or not our server's answer
  if (pending === undefined || answer.get('state') !== pending.state) {
    throw new Failure('This answer belongs to no question of this tab. Please connect again.');
  }
  if (answer.has('iss') && answer.get('iss') !== config.issuer) {
    throw new Failure('The answer came from another server than the one that was asked. Please connect again.');
  }
  if (answer.has('error')) {
    session.clear();
    throw new Failure(answer.get('error_description') ?? answer.get('error'), { code: answer.get('error') });
  }
  session.set({ code: answer.get('code') });
}

/** Exchanges a code that came back; kept until the answer is here, so that a reload in between goes on. */
export async function exchange(config) {
  const tokens = await askToken(config, {
    grant_type: 'authorization_code',
    code: session.get('code'),
    redirect_uri: config.redirectUri,
    code_verifier: session.get('pending').verifier,
  });
  session.set({ tokens, code: undefined, pending: undefined });
}

let refreshing;

/** A refresh token works once: everyone who needs a new access token waits for the same one. */
export function refresh(config) {
  refreshing ??= askToken(config, { grant_type: 'refresh_token', refresh_token: session.get('tokens').refresh_token })
    .then((tokens) => session.set({ tokens: { ...session.get('tokens'), ...tokens } }))
    .finally(() => {
      refreshing = undefined;
    });
  return refreshing;
}

/** RFC 7009. The tokens are forgotten here whatever the server says. */
export async function disconnect(config) {
  const tokens = session.get('tokens');
  session.clear();
  const token = tokens.refresh_token ?? tokens.access_token;
  const response = await post(config.revokeUrl, { token, client_id: config.clientId });
  if (!response.ok) throw await failureOf(response);
}

async function askToken(config, form) {
  const response = await post(config.tokenUrl, { ...form, client_id: config.clientId });
  if (!response.ok) throw await failureOf(response);
  const tokens = await response.json();
  return { ...tokens, expires_at: Date.now() + tokens.expires_in * 1000 };
}

/** Asked once only where it is a code: an answer may be lost after the code is spent. */
const post = (url, form) =>
  fetchPatiently(url, { method: 'POST', body: new URLSearchParams(form) }, form.code === undefined ? 3 : 1);
