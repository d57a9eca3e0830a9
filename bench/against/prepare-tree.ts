import { execFile } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { consentOverHttp, exchangeOverHttp, type Fields } from '../../test/support/servers/over-http.ts';
import { R4 } from './api-paths.ts';
import { createIntakeBundles, type Group, groupOf, intakePatients } from './records.ts';
import { feedToken } from './tokens.ts';
import type { TreeServer } from './tree-server.ts';

/** The practice that a first start creates, in every release since b3ef3ee. */
const PRACTICE = 'Live practice';
const REDIRECT_URI = 'https://bench.example/callback';
const MAX_CONNECTIONS = 64;

/** One of the 20 patients, with an app that reads the record. */
export interface Reader {
  readonly patient: string;
  /** Refresh token of the app. Each refresh replaces it. */
  refreshToken: string;
}

/** Key pair of backend apps. Both trees have the same ones. */
export interface SigningKey {
  readonly alg: 'RS384' | 'ES384';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A running server with records, people and apps. */
export interface PreparedTree {
  readonly server: TreeServer;
  readonly origin: string;
  readonly app: Fields;
  readonly readers: readonly Reader[];
  /** Refresh tokens of the measured chains, one for each connection. */
  chains: readonly string[];
  /** Backend app that reads the practice. */
  readonly backend: string;
  /** Backend app that writes to the practice. */
  readonly feed: string;
  readonly keys: readonly SigningKey[];
  readonly patients: Readonly<Record<Group, readonly string[]>>;
  readonly createBundles: (count: number) => readonly string[];
}

export const createSigningKeys = (): readonly SigningKey[] => [
  { alg: 'RS384', ...generateKeyPairSync('rsa', { modulusLength: 2048 }) },
  { alg: 'ES384', ...generateKeyPairSync('ec', { namedCurve: 'P-384' }) },
];

/** Loads the records, and registers apps and accounts, with the command line and over HTTP. */
export async function prepareTree(
  server: TreeServer,
  records: string,
  keys: readonly SigningKey[],
): Promise<PreparedTree> {
  const run = (...words: readonly string[]) => runCommand(server, words);
  await run('load', records, '--practice', PRACTICE, '--source', 'bench');
  const patients = groupPatients(await run('patients', 'list'));
  const jwks = writeKeys(server, keys);
  const app = await addApp(run, ['--redirect-uri', REDIRECT_URI, '--api', 'r4,dstu2', '--scope', 'patient/*.rs']);
  const backendOptions = ['--kind', 'backend', '--api', 'r4', '--jwks', jwks, '--practice', PRACTICE];
  const backend = await addApp(run, [...backendOptions, '--scope', 'system/*.rs']);
  const feed = await addApp(run, [...backendOptions, '--scope', 'system/*.cruds']);
  const origin = `http://localhost:${server.port}`;
  const client = { ...app, redirect_uri: REDIRECT_URI };
  const readers: Reader[] = [];
  const chains: string[] = [];
  const perPatient = Math.ceil(MAX_CONNECTIONS / patients.large.length);
  for (const patient of patients.large) {
    const { username, password } = (await run('patients', 'add', patient)) as { username: string; password: string };
    const person = { username, password };
    for (const code of await consentOverHttp(origin, client, perPatient, {}, person))
      chains.push((await exchangeOverHttp(origin, client, code)).refresh_token);
    const [code = ''] = await consentOverHttp(origin, client, 1, {}, person);
    readers.push({ patient, refreshToken: (await exchangeOverHttp(origin, client, code)).refresh_token });
  }
  const { client_id: backendId = '' } = backend;
  const { client_id: feedId = '' } = feed;
  const createBundles = createIntakeBundles();
  const tree = {
    server,
    origin,
    app,
    readers,
    chains,
    backend: backendId,
    feed: feedId,
    keys,
    patients,
    createBundles,
  };
  await createIntakePatients(tree);
  return tree;
}

async function createIntakePatients(tree: PreparedTree): Promise<void> {
  const headers = { authorization: `Bearer ${await feedToken(tree)}`, 'content-type': 'application/fhir+json' };
  const response = await fetch(`${tree.origin}${R4}`, { method: 'POST', headers, body: intakePatients() });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

type Run = (...words: readonly string[]) => Promise<unknown>;

async function addApp(run: Run, options: readonly string[]): Promise<Fields> {
  const added = (await run('apps', 'add', '--name', 'Bench', '--active', ...options)) as Record<string, unknown>;
  const { client_id, client_secret = '' } = added;
  return { client_id: String(client_id), client_secret: String(client_secret) };
}

/**
 * Registers apps that write to the practice.
 * @returns a function that requests a token for each
 */
export async function addFeedApps(server: TreeServer, count: number): Promise<() => Promise<readonly string[]>> {
  const keys = createSigningKeys();
  const options = ['--kind', 'backend', '--api', 'r4', '--jwks', writeKeys(server, keys), '--practice', PRACTICE];
  const feeds: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const app = await addApp((...words) => runCommand(server, words), [...options, '--scope', 'system/*.cruds']);
    feeds.push(app['client_id'] ?? '');
  }
  const origin = `http://localhost:${server.port}`;
  return () => Promise.all(feeds.map((feed) => feedToken({ origin, feed, keys })));
}

function groupPatients(listed: unknown): Record<Group, string[]> {
  const groups: Record<Group, string[]> = { large: [], few: [], many: [] };
  const byName = (listed as { id: string; name: string }[]).toSorted((a, b) => a.name.localeCompare(b.name));
  for (const { id, name } of byName) {
    const group = groupOf(name);
    if (group !== undefined) groups[group].push(id);
  }
  return groups;
}

function writeKeys({ dataDir }: TreeServer, keys: readonly SigningKey[]): string {
  const file = path.join(dataDir, 'jwks.json');
  const jwks = keys.map(({ alg, publicKey }) => ({
    ...publicKey.export({ format: 'jwk' }),
    alg,
    kid: alg,
    use: 'sig',
  }));
  writeFileSync(file, JSON.stringify({ keys: jwks }));
  return file;
}

/** Runs a command of the tree's own command line beside its server. @returns its result */
export async function runCommand(server: TreeServer, words: readonly string[]): Promise<unknown> {
  const program = path.join(server.checkout.folder, 'scripts/patient-access');
  // Loading isn't measured here, and is faster without validation.
  const env = { ...server.environment, VALIDATION: 'off' };
  const { stdout } = await promisify(execFile)(program, [...words, '--json'], { env, maxBuffer: 1 << 28 });
  return JSON.parse(stdout);
}
