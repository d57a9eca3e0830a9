import type { ExplorerAnswer } from '../../../src/portal/contract/explorer.ts';
import type { SessionAnswer } from '../../../src/portal/contract/session.ts';
import { api } from '../../shell/api.ts';
import { type Connection, type Happening, heldNow, hold, type Pending, type TokenAnswer } from './held.ts';
import { forgetSecrets, holdSecret, secretOf } from './held-secret.ts';

/** An error of the authorization server, or a response that can't be trusted. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

export interface Wanted extends Pick<Pending, 'clientId' | 'name' | 'isConfidential'> {
  /** Base URL of the FHIR API that the tokens are for. */
  readonly aud: string;
  readonly scope: string;
  /** Login hint that prefills the sign-in page. */
  readonly username: string;
  readonly back: string;
}

type Server = Pick<SessionAnswer['addresses'], 'authorize' | 'token' | 'revoke' | 'introspect'>;

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** Browsers offer Web Crypto only on https and localhost. */
export const canSign = (): boolean => globalThis.crypto?.subtle !== undefined;

/** Sets the developer's session aside and redirects to the authorization server. RFC 7636, S256 */
export async function leave(server: Server, redirectUri: string, request: Wanted): Promise<void> {
  const { clientId, name, isConfidential, aud, scope, username, back } = request;
  const sent = { clientId, name, isConfidential, redirectUri, back };
  const pending: Pending = { state: random(), verifier: random(), nonce: random(), ...sent };
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier));
  await api('POST', '/developer/explorer/leave');
  hold({ pending, connection: undefined });
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
    // The signed-in developer isn't the user to connect as.
    prompt: 'login',
    ...(username === '' ? {} : { login_hint: username }),
  });
  location.assign(`${server.authorize}?${parameters}`);
}

/** An authorization code, valid once and for one minute. */
export interface Received {
  readonly pending: Pending;
  readonly code: string;
}

/** Reads the authorization response and checks that it belongs to the pending request. Throws `Refused` otherwise. */
export function receive(issuer: ExplorerAnswer['issuer'], search: string): Received {
  const response = new URLSearchParams(search);
  const { pending } = heldNow();
  // RFC 6749 §10.12 and RFC 9207 §2.4: the response belongs to another request or comes from another server.
  if (pending === undefined || response.get('state') !== pending.state) throw new Refused('no-question');
  hold({ pending: undefined });
  if (response.has('iss') && response.get('iss') !== issuer) throw new Refused('other-issuer');
  const code = response.get('code');
  if (code === null) throw new Refused(response.get('error_description') ?? response.get('error') ?? '');
  return { pending, code };
}

/**
 * Exchanges the code for tokens.
 * @param secret client secret of a confidential app
 * @returns the explorer's address to return to
 */
export async function exchange(server: Server, { pending, code }: Received, secret?: string): Promise<string> {
  const { redirectUri, verifier, clientId, name, isConfidential, nonce, back } = pending;
  const tokens = await askToken(server, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    client_id: clientId,
    ...(secret === undefined ? {} : { client_secret: secret }),
  });
  if (secret !== undefined) holdSecret(clientId, secret);
  hold({ connection: connectionOf({ clientId, name, isConfidential, nonce, happened: [] }, tokens, 'signed-in') });
  return back;
}

/** Refreshes the tokens. The server rotates the refresh token, so the old one is used up. */
export async function refresh(server: Server, connection: Connection): Promise<void> {
  const { answer } = connection;
  await orKept(connection, async () => {
    const tokens = await askToken(server, {
      grant_type: 'refresh_token',
      refresh_token: answer.refresh_token ?? '',
      ...proofOf(connection),
    });
    hold({ connection: connectionOf(connection, { ...answer, ...tokens }, 'refreshed') });
  });
}

/** RFC 7009. The revoked tokens stay on the page, so that one can see how the server rejects them. */
export async function revoke(server: Server, connection: Connection): Promise<void> {
  const { answer } = connection;
  await orKept(connection, async () => {
    const token = answer.refresh_token ?? answer.access_token;
    await post(server.revoke, { token, ...proofOf(connection) });
    hold({ connection: { ...connection, revoked: true, happened: happened(connection, 'revoked') } });
  });
}

/** Client authentication. RFC 6749 §2.3.1 */
function proofOf({ clientId }: Connection): Record<string, string> {
  const secret = secretOf(clientId);
  return { client_id: clientId, ...(secret === undefined ? {} : { client_secret: secret }) };
}

/** RFC 7662. A public app authenticates with the token itself. */
export async function introspect(server: Server, connection: Connection): Promise<Record<string, unknown>> {
  const token = connection.answer.access_token;
  if (connection.isConfidential) return (await post(server.introspect, { token, ...proofOf(connection) })).json();
  return (await post(server.introspect, { token }, { authorization: `Bearer ${token}` })).json();
}

export function forget(): void {
  forgetSecrets();
  hold({ connection: undefined, pending: undefined });
}

async function orKept(connection: Connection, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    hold({ connection: { ...connection, happened: happened(connection, 'refused', (error as Error).message) } });
  }
}

const connectionOf = (
  before: Pick<Connection, 'clientId' | 'name' | 'isConfidential' | 'nonce' | 'happened'>,
  response: TokenAnswer,
  kind: Happening['kind'],
): Connection => ({
  clientId: before.clientId,
  name: before.name,
  isConfidential: before.isConfidential,
  nonce: before.nonce,
  answer: response,
  expiresAt: Date.now() + response.expires_in * 1000,
  revoked: false,
  happened: happened(before, kind),
});

const happened = ({ happened }: Pick<Connection, 'happened'>, kind: Happening['kind'], text?: string): Happening[] =>
  [{ at: Date.now(), kind, ...(text === undefined ? {} : { text }) }, ...happened].slice(0, 20);

const askToken = async ({ token }: Server, form: Record<string, string>): Promise<TokenAnswer> =>
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
  throw new Refused(`${response.status} ${error ?? ''}: ${text ?? ''}`);
}
