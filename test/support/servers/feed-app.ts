import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { TOKEN_PATH } from '../../../bench/against/api-paths.ts';
import { createSigningKeys, type SigningKey } from '../../../bench/against/prepare-tree.ts';
import { clientCredentials } from '../../../bench/against/tokens.ts';
import { SANDBOX_DEVELOPER } from '../people/sandbox-developer.ts';
import { type FailoverLoad, startFailoverLoad } from './failover-load.ts';
import { consentOverHttp, exchangeOverHttp, type Fields } from './over-http.ts';

const SCOPE = 'system/*.cruds';

/** Runs a command. @returns what it prints */
export type Run = (...words: readonly string[]) => Promise<string>;

export interface FeedApp {
  readonly clientId: string;
  readonly key: SigningKey;
}

/**
 * Adds an app that sends data to the live practice.
 * @param folder a folder for the app's public key
 */
export async function addFeedApp(run: Run, folder: string): Promise<FeedApp> {
  const [key] = createSigningKeys();
  if (key === undefined) throw new Error('no key');
  const file = path.join(folder, 'jwks.json');
  const jwk = { ...key.publicKey.export({ format: 'jwk' }), alg: key.alg, kid: key.alg, use: 'sig' };
  writeFileSync(file, JSON.stringify({ keys: [jwk] }));
  const words = ['apps', 'add', '--name', 'Feed', '--active', '--kind', 'backend', '--api', 'r4', '--scope', SCOPE];
  const { client_id } = JSON.parse(await run(...words, '--jwks', file, '--practice', 'Live practice', '--json'));
  return { clientId: client_id, key };
}

export async function requestFeedToken(origin: string, { clientId, key }: FeedApp): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = clientCredentials({ origin }, clientId, key, SCOPE);
  const response = await fetch(`${origin}${TOKEN_PATH}`, { method: 'POST', headers, body });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** The failover load, and the apps that it uses. */
export interface LoadedServer {
  readonly client: Fields;
  readonly feedToken: string;
  readonly load: FailoverLoad;
}

const REDIRECT_URI = 'https://app.example/callback';

/**
 * Adds an app that reads and one that sends data, and starts the load of both on a server with the sandbox.
 * @param chains number of chains of refreshes, each of which uses the refresh token of the previous response
 */
export async function loadServer(origin: string, run: Run, folder: string, chains: number): Promise<LoadedServer> {
  const reading = ['--redirect-uri', REDIRECT_URI, '--api', 'r4', '--scope', 'patient/*.rs'];
  const added = await run('apps', 'add', '--name', 'App', '--active', ...reading, '--json');
  const client: Fields = { ...JSON.parse(added), redirect_uri: REDIRECT_URI };
  const feedToken = await requestFeedToken(origin, await addFeedApp(run, folder));
  const codes = await consentOverHttp(origin, client, chains);
  const tokens = await Promise.all(codes.map((code) => exchangeOverHttp(origin, client, code)));
  const developer = SANDBOX_DEVELOPER;
  return { client, feedToken, load: await startFailoverLoad({ origin, client, feedToken, chains: tokens, developer }) };
}
