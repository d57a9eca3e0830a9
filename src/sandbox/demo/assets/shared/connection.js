// SMART App Launch 2.2 as a public client. fhirclient sends the authorization request with PKCE (S256), stores the tokens
// in sessionStorage (which ends with the tab, and which no other site can read) and refreshes them. Its script defines
// FHIR. `config` is what the app was registered with: clientId, redirectUri, scope, and the addresses of the server.
import { Failure, fetchWithRetry, libraryFailure, withRetry } from './failure.js';
import { messages } from './messages.js';

const { oauth2 } = globalThis.FHIR ?? {};
/** fhirclient stores the state of the current authorization request under this key. */
const STATE_KEY = 'SMART_KEY';

const stored = (key) => JSON.parse(sessionStorage.getItem(key));
const store = (key, value) => sessionStorage.setItem(key, JSON.stringify(value));

/** Values that the app itself stores: `code`, an authorization code that isn't exchanged yet, and its own choices. */
export const session = ({ clientId }) => ({
  get: (name) => stored(clientId)?.[name],
  set: (values) => store(clientId, { ...stored(clientId), ...values }),
});

/**
 * Returns the key of the library's state if this app stored it. Apps of one origin share the storage of a tab, and the
 * last one that was connected has the state.
 */
function ownStateKey({ clientId }) {
  const key = stored(STATE_KEY);
  return key !== null && stored(key)?.clientId === clientId ? key : undefined;
}

/**
 * Redirects to the authorization server.
 * @param launch the launch token of an EHR launch. Without one, it is a standalone launch
 */
export async function connect(config, { iss = config.r4Base, launch } = {}) {
  if (crypto.subtle === undefined) {
    throw new Failure(messages.failure.insecure);
  }
  // The library remembers a failed discovery until the page is loaded again, so the app tries it first.
  await fetchWithRetry(`${iss}/.well-known/smart-configuration`);
  await oauth2.authorize({
    iss,
    launch,
    clientId: config.clientId,
    redirectUri: config.redirectUri,
    scope: config.scope,
    pkceMode: 'required',
    completeInTarget: true,
  });
}

/**
 * Takes the parameters from the address. The address is cleaned at once: a code doesn't stay in the history, a reload
 * doesn't send it twice, and a link can't set options of the library.
 */
export function takeParameters() {
  const parameters = new URLSearchParams(location.search);
  if (location.search !== '') history.replaceState(null, '', location.pathname);
  return parameters;
}

/** Takes the authorization response from the address, if there is one. */
export function takeAuthorizationResponse(config) {
  const response = takeParameters();
  if (!response.has('code') && !response.has('error')) return;
  // RFC 6749 §10.12 and RFC 9207 §2.4: the response belongs to another request or comes from another server.
  if (response.get('state') === null || response.get('state') !== ownStateKey(config)) {
    throw new Failure(messages.failure.otherRequest);
  }
  if (response.has('iss') && response.get('iss') !== config.issuer) {
    throw new Failure(messages.failure.otherServer);
  }
  if (response.has('error')) {
    forget(config);
    throw new Failure(response.get('error_description') ?? response.get('error'), { code: response.get('error') });
  }
  session(config).set({ code: response.get('code') });
}

/**
 * Returns the library's client, or undefined if the app isn't connected. A returned code stays stored until its exchange
 * is answered, so that a reload in between can continue.
 */
export async function openClient(config) {
  const stateKey = ownStateKey(config);
  if (stateKey === undefined) return undefined;
  const { get, set } = session(config);
  const code = get('code');
  try {
    const client = await oauth2.ready(code === undefined ? {} : { code, stateKey });
    set({ code: undefined });
    return client.getState('tokenResponse.access_token') ? client : undefined;
  } catch (error) {
    throw libraryFailure(error);
  }
}

/** Gets a new access token. A refresh token works once; concurrent calls of the library share one refresh. */
export const refresh = (client) =>
  withRetry(async () => {
    const { refresh_token } = client.state.tokenResponse;
    try {
      await client.refresh();
    } catch (error) {
      const failure = libraryFailure(error);
      // The library drops the token after any failure, but without an answer it is still valid.
      if (failure.again) {
        Object.assign(client.state.tokenResponse, { refresh_token });
        store(client.state.key, client.state);
      }
      throw failure;
    }
  });

/**
 * Whether the authorization has ended: it was revoked, has expired or never existed. The FHIR server then responds with
 * 401 (RFC 6750 §3.1), and the token endpoint with `invalid_grant` (RFC 6749 §5.2). A retry can't help; a new
 * authorization can.
 */
export const hasEndedAccess = ({ status, code }) => status === 401 || code === 'invalid_grant';

/** Deletes the tokens and everything else that the app stored. */
export function forget(config) {
  const stateKey = ownStateKey(config);
  const own = stateKey === undefined ? [] : [stateKey, STATE_KEY];
  for (const key of [...own, config.clientId]) sessionStorage.removeItem(key);
}

/** RFC 7009. The tokens are deleted locally whatever the server responds. */
export async function disconnect(config, client) {
  const { refresh_token, access_token } = client.state.tokenResponse;
  forget(config);
  const form = { token: refresh_token ?? access_token, client_id: config.clientId };
  await fetchWithRetry(config.revokeUrl, { method: 'POST', body: new URLSearchParams(form) });
}
