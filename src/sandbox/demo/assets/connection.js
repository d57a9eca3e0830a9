// SMART App Launch 2.2, standalone launch, as a public client. fhirclient signs in, stores the tokens in sessionStorage
// (which ends with the tab, and which no other site can read) and refreshes them. Its script defines FHIR.
import { Failure, fetchWithRetry, libraryFailure, withRetry } from './failure.js';
import { messages } from './messages.js';

const { oauth2 } = globalThis.FHIR ?? {};
/** fhirclient stores the state of the current authorization request under this key. */
const STATE_KEY = 'SMART_KEY';
const APP_KEY = 'patient-access-demo';

const stored = (key) => JSON.parse(sessionStorage.getItem(key));
const store = (key, value) => sessionStorage.setItem(key, JSON.stringify(value));

/** The app itself stores `code`, an authorization code that isn't exchanged yet, and `api`, the chosen version. */
export const session = {
  get: (name) => stored(APP_KEY)?.[name],
  set: (values) => store(APP_KEY, { ...stored(APP_KEY), ...values }),
};

/** Redirects to the authorization server. */
export async function connect(config) {
  if (crypto.subtle === undefined) {
    throw new Failure(messages.failure.insecure);
  }
  // The library remembers a failed discovery until the page is loaded again, so the app tries it first.
  await fetchWithRetry(`${config.r4Base}/.well-known/smart-configuration`);
  await oauth2.authorize({
    iss: config.r4Base,
    clientId: config.clientId,
    redirectUri: config.redirectUri,
    scope: config.scope,
    pkceMode: 'required',
    completeInTarget: true,
  });
}

/**
 * Takes the authorization response from the address, if there is one. The address is cleaned at once: the code doesn't
 * stay in the history, a reload doesn't send it twice, and a link can't set `iss` and other options of the library.
 */
export function takeAuthorizationResponse(config) {
  if (location.search === '') return;
  const response = new URLSearchParams(location.search);
  history.replaceState(null, '', location.pathname);
  if (!response.has('code') && !response.has('error')) return;
  // RFC 6749 §10.12 and RFC 9207 §2.4: the response belongs to another request or comes from another server.
  if (response.get('state') === null || response.get('state') !== stored(STATE_KEY)) {
    throw new Failure(messages.failure.otherRequest);
  }
  if (response.has('iss') && response.get('iss') !== config.issuer) {
    throw new Failure(messages.failure.otherServer);
  }
  if (response.has('error')) {
    forget();
    throw new Failure(response.get('error_description') ?? response.get('error'), { code: response.get('error') });
  }
  session.set({ code: response.get('code') });
}

/**
 * Returns the library's client, or undefined if the app isn't connected. A returned code stays stored until its exchange
 * is answered, so that a reload in between can continue.
 */
export async function openClient() {
  const stateKey = stored(STATE_KEY);
  if (stateKey === null || stored(stateKey) === null) return undefined;
  const code = session.get('code');
  try {
    const client = await oauth2.ready(code === undefined ? {} : { code, stateKey });
    session.set({ code: undefined });
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

/** Deletes the tokens and everything else that the app stored. */
export function forget() {
  for (const key of [stored(STATE_KEY), STATE_KEY, APP_KEY]) sessionStorage.removeItem(key);
}

/** RFC 7009. The tokens are deleted locally whatever the server responds. */
export async function disconnect(config, client) {
  const { refresh_token, access_token } = client.state.tokenResponse;
  forget();
  const form = { token: refresh_token ?? access_token, client_id: config.clientId };
  await fetchWithRetry(config.revokeUrl, { method: 'POST', body: new URLSearchParams(form) });
}
