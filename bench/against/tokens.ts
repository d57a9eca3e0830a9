import { randomUUID, sign } from 'node:crypto';
import { refreshOverHttp } from '../../test/support/servers/over-http.ts';
import { TOKEN_PATH } from './api-paths.ts';
import type { PreparedTree, SigningKey } from './prepare-tree.ts';

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Seconds for which an assertion is valid: as long as it is waiting for its turn in a round. */
const LIFETIME = 280;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Body of a client_credentials request with an assertion of its own: RFC 7523 §2.2. */
export function clientCredentials(
  { origin }: Pick<PreparedTree, 'origin'>,
  clientId: string,
  { alg, privateKey }: SigningKey,
  scope: string,
): string {
  const claims = { iss: clientId, sub: clientId, aud: `${origin}${TOKEN_PATH}`, jti: randomUUID() };
  const signed = `${encode({ alg, kid: alg, typ: 'JWT' })}.${encode({ ...claims, exp: Math.floor(Date.now() / 1000) + LIFETIME })}`;
  const signature = sign('sha384', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: ASSERTION,
    client_assertion: `${signed}.${signature.toString('base64url')}`,
    scope,
  }).toString();
}

/** Requests an access token that reads the practice. It is valid for five minutes. */
export const backendToken = (tree: PreparedTree): Promise<string> =>
  requestToken(tree, tree.backend, tree.keys[0], 'system/*.rs');

/** Requests an access token that writes to the practice. It is valid for five minutes. */
export const feedToken = (tree: Pick<PreparedTree, 'origin' | 'feed' | 'keys'>): Promise<string> =>
  requestToken(tree, tree.feed, tree.keys[0], 'system/*.cruds');

async function requestToken(
  tree: Pick<PreparedTree, 'origin'>,
  clientId: string,
  key: SigningKey | undefined,
  scope: string,
): Promise<string> {
  if (key === undefined) throw new Error('no key');
  const response = await fetch(`${tree.origin}${TOKEN_PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: clientCredentials(tree, clientId, key, scope),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

/** Requests a new access token for each of the 20 patients' apps. It is valid for an hour. */
export async function readerTokens({ origin, app, readers }: PreparedTree): Promise<readonly string[]> {
  const tokens: string[] = [];
  for (const reader of readers) {
    const { access_token, refresh_token } = await refreshOverHttp(`${origin}${TOKEN_PATH}`, app, reader.refreshToken);
    reader.refreshToken = refresh_token;
    tokens.push(access_token);
  }
  return tokens;
}
