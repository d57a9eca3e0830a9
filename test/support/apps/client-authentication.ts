// Sets up client authentication without HTTP endpoints. Tests can create several instances that stand for server
// processes.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { findApp } from '../../../src/apps/index.ts';
import { Problem, systemRandom } from '../../../src/kernel/index.ts';
import {
  authenticateClient,
  type ClientAuthenticationDeps,
  type ClientAuthenticationRequest,
  createClientAuthenticationDeps,
} from '../../../src/oauth/clients/client-authentication.ts';
import { readParameters } from '../../../src/oauth/parameters.ts';
import { type EmptyDatabase, emptyDatabase } from '../database/empty-database.ts';
import { testDatabase } from '../database/test-database.ts';
import { testClock } from '../servers/server.ts';
import { addApp } from './apps.ts';

export const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
export const TOKEN = 'https://ehr.example/patient-oauth/token';
export const ISSUER = 'https://ehr.example/patient-oauth';
export const clock = testClock();
export const random = systemRandom;

let database: EmptyDatabase;
export let server: { db: EmptyDatabase['db']; clock: typeof clock };
export let deps: ClientAuthenticationDeps;
export let keySets: Server;
export let origin: string;
/** Key sets that the app's own server responds with, by path. */
export const hostedKeySets = new Map<
  string,
  { keys: readonly JWK[]; headers?: Record<string, string>; asked: number }
>();

export interface Signer {
  readonly alg: 'RS384' | 'ES384' | 'RS256' | 'ES256';
  readonly kid: string;
  readonly jwk: JWK;
  readonly privateKey: GenerateKeyPairResult['privateKey'];
}
export let rsa: Signer;
export let ec: Signer;

export async function createSigner(alg: Signer['alg'], kid: string): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid } };
}

/** Starts the app's own server, and makes two keys and some clients in an empty database. For `beforeAll`. */
export async function openClients(): Promise<void> {
  database = await emptyDatabase(testDatabase());
  server = { db: database.db, clock };
  deps = clientAuthFor('sandbox');
  [rsa, ec] = await Promise.all([createSigner('RS384', 'rsa'), createSigner('ES384', 'ec')]);
  keySets = createServer((request, response) => {
    const found = hostedKeySets.get(request.url ?? '');
    if (found === undefined) return void response.writeHead(404).end();
    found.asked += 1;
    response.writeHead(200, found.headers).end(JSON.stringify({ keys: found.keys }));
  });
  await new Promise<void>((resolve) => keySets.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(keySets.address() as AddressInfo).port}`;
}

export async function closeClients(): Promise<void> {
  keySets.close();
  await database.close();
}

export const clientAuthFor = (provisionalApps: 'sandbox' | 'inactive') =>
  createClientAuthenticationDeps({
    db: database.db,
    clock,
    clients: { find: (id) => findApp(database.db, clock, id) },
    provisionalApps,
    trustedJwksHosts: ['127.0.0.1'],
  });

export interface PresentedRequest {
  readonly query?: Record<string, string>;
  readonly body?: Record<string, string>;
  readonly basic?: string;
  readonly address?: string;
  readonly fallbackClientId?: string;
}

export function presentClient({
  query = {},
  body = {},
  basic,
  address = '192.0.2.1',
  fallbackClientId,
}: PresentedRequest): ClientAuthenticationRequest {
  const authorization = basic === undefined ? undefined : `Basic ${Buffer.from(basic).toString('base64')}`;
  const { values: parameters } = readParameters(query, body);
  return { authorization, query, body, parameters, address, audiences: [TOKEN, ISSUER], fallbackClientId };
}

export const authenticate = (sent: PresentedRequest, by = deps) => authenticateClient(by, presentClient(sent));

/**
 * Expects that authentication fails.
 * @returns the error with its code, status and message
 */
export async function expectRejection(sent: PresentedRequest, by = deps): Promise<Problem> {
  const error = await authenticate(sent, by).then(
    ({ clientId }) => new Error(`${clientId} was let in`),
    (thrown) => thrown,
  );
  if (!(error instanceof Problem)) throw error;
  return error;
}

export const addAppWithKeys = (...keys: Signer[]) =>
  addApp(server, { auth: 'private_key_jwt', jwks: { keys: keys.map(({ jwk }) => jwk) } });

export interface Assertion {
  readonly by?: Signer;
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
}

/** Signs a client assertion that is valid except for the given claims or headers. */
export async function signAssertion(
  clientId: string,
  { by = rsa, header = {}, claims = {} }: Assertion = {},
): Promise<string> {
  const now = Math.floor(clock.now().getTime() / 1000);
  const usual = { iss: clientId, sub: clientId, aud: TOKEN, iat: now, exp: now + 300, jti: random.uuid() };
  const payload = Object.fromEntries(
    Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined),
  );
  const all = Object.entries({ alg: by.alg, kid: by.kid, typ: 'JWT', ...header }).filter(([, v]) => v !== undefined);
  return new SignJWT(payload as JWTPayload)
    .setProtectedHeader(Object.fromEntries(all) as { alg: string })
    .sign(by.privateKey);
}

export const assertionBody = (client_assertion: string) => ({ client_assertion_type: TYPE, client_assertion });
export const withAssertion = async (clientId: string, how?: Assertion): Promise<PresentedRequest> => ({
  body: assertionBody(await signAssertion(clientId, how)),
});
