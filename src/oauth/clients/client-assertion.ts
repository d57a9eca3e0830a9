import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { decodeProtectedHeader, type JWTPayload } from 'jose';
import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { type ClientId, type Clock, clientNetwork, later, minutes, type Problem, seconds } from '../../kernel/index.ts';
import type { MemoryCounts } from '../../rate-limit/index.ts';
import { decodeClaims, invalidClient, toPrintable } from './claimed-credentials.ts';
import { type JsonWebKeyMembers, KeySetError, type KeySets } from './key-set.ts';
import { isCheapToVerify } from './key-size.ts';
import { consumeOneTimeId, oneTimeKey } from './one-time-ids.ts';

export interface AssertionDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly keySets: KeySets;
  /**
   * Counts wrong signatures by client and network. Their number is limited, because verifying a signature costs up to a
   * millisecond.
   */
  readonly failures: MemoryCounts;
}

export interface PresentedAssertion {
  readonly text: string;
  readonly client: App;
  /** Network address that the request came from. */
  readonly address: string;
  /** Accepted values of the `aud` claim. They come from the configuration, never from the request. */
  readonly audiences: readonly string[];
  /**
   * Whether this assertion was already checked against a cached client that turned out to be outdated. A wrong
   * signature was counted then and isn't counted again.
   */
  readonly isSecondCheck: boolean;
}

/** An assertion with valid claims and signature. Whether its `jti` was used before is not checked yet. */
export interface VerifiedAssertion {
  readonly clientId: ClientId;
  readonly jti: string;
  readonly expires: Date;
}

interface DecodedAssertion {
  readonly alg: AssertionAlgorithm;
  readonly kid: string;
  readonly jti: string;
  readonly expires: Date;
}

/**
 * Signature algorithms of client assertions, with the type of key that each needs. SMART App Launch 2.2, Client
 * Authentication: Asymmetric
 */
const ASSERTION_ALGORITHMS = { RS384: { kty: 'RSA', crv: undefined }, ES384: { kty: 'EC', crv: 'P-384' } } as const;
type AssertionAlgorithm = keyof typeof ASSERTION_ALGORITHMS;
const MAX_LIFETIME = minutes(5);
/** Tolerated difference between the client's clock and ours. */
const CLOCK_SKEW = seconds(10);
const MAX_ASSERTION_LENGTH = 8000;
/** Maximum number of keys with the same `kid` that are tried for one assertion. */
const MAX_KEYS_PER_KID = 3;

/**
 * Verifies a client assertion (RFC 7523 §3): first the cheap checks, then key lookup and signature. Throws
 * `invalid_client`.
 */
export async function verifyAssertion(deps: AssertionDeps, presented: PresentedAssertion): Promise<VerifiedAssertion> {
  const { text, client, address, isSecondCheck } = presented;
  const { alg, kid, jti, expires } = decodeAssertion(presented, deps.clock.now());
  const failed = `${client.clientId} ${clientNetwork(address)}`;
  if (!isSecondCheck) requireBelowLimit(deps.failures, failed);
  const keys = await findKeys(deps.keySets, client, kid, alg);
  // Check the limit of wrong signatures again, because concurrent requests may have reached it while the keys were
  // loaded. Nothing is awaited between this check and the counting of a wrong signature, so concurrent requests can't
  // exceed the limit.
  if (!isSecondCheck) requireBelowLimit(deps.failures, failed);
  if (!keys.some((key) => isSignatureValid(text, alg, key))) {
    if (!isSecondCheck) deps.failures.count(failed);
    throw invalidClient(`The signature of client_assertion doesn’t match the registered key ${toPrintable(kid)}.`);
  }
  return { clientId: client.clientId, jti, expires };
}

/**
 * Uses up the `jti` of a verified assertion, because an assertion works once (RFC 7523 §3, item 7). Call it only with a
 * verified assertion. Otherwise, anyone could use up the ids of a client's assertions.
 * @returns whether the assertion was unused
 */
export function consumeAssertion(deps: AssertionDeps, assertion: VerifiedAssertion): Promise<boolean> {
  const { parts, expires } = toOneTimeId(assertion);
  return consumeOneTimeId(deps.db, { parts, expires, now: deps.clock.now() });
}

/** Returns the key and the expiry under which the assertion is stored once it is used. */
export function assertionKey(assertion: VerifiedAssertion): { readonly key: Buffer; readonly expires: Date } {
  const { parts, expires } = toOneTimeId(assertion);
  return { key: oneTimeKey(parts), expires };
}

export const usedAssertionProblem = (): Problem =>
  invalidClient('This client_assertion was already used. Make a new one, with a new jti, for each request.');

const toOneTimeId = ({ clientId, jti, expires }: VerifiedAssertion) => ({
  parts: ['assertion', clientId, jti],
  expires: later(expires, CLOCK_SKEW),
});

function requireBelowLimit(failures: MemoryCounts, key: string): void {
  const wait = failures.check(key)?.retryAfter;
  if (wait === undefined) return;
  throw invalidClient(
    `Too many assertions with a wrong signature for this app from this network. Try again in ${wait} s.`,
    wait,
  );
}

function decodeAssertion({ text, client, audiences }: PresentedAssertion, now: Date): DecodedAssertion {
  const { header, claims } = parseJwt(text);
  const { alg, kid } = header;
  if (alg !== 'RS384' && alg !== 'ES384') {
    throw invalidClient(`client_assertion is signed with ${toPrintable(alg)}. Sign it with RS384 or ES384.`);
  }
  if (typeof kid !== 'string' || kid === '')
    throw invalidClient('client_assertion has no kid in its header. Add the kid of the key.');
  // RFC 7515 §4.1.11: an unsupported critical extension must be rejected, and this server supports none.
  if (header['crit'] !== undefined) throw invalidClient('client_assertion has a crit header, which isn’t supported.');
  if (header['jku'] !== undefined && header['jku'] !== client.jwksUri) {
    throw invalidClient(
      client.jwksUri === undefined
        ? `jku is ${toPrintable(header['jku'])}, but this app registered its keys directly. Remove jku, or register a jwks_uri.`
        : `jku is ${toPrintable(header['jku'])}, which isn’t the registered jwks_uri of this app.`,
    );
  }
  requireParties(claims, client, audiences);
  const expires = requireTimes(claims, now);
  const { jti } = claims;
  if (typeof jti !== 'string' || jti === '')
    throw invalidClient('client_assertion has no jti. Add a unique jti to each assertion.');
  return { alg, kid, jti, expires };
}

function parseJwt(text: string): { header: Readonly<Record<string, unknown>>; claims: JWTPayload } {
  try {
    const claims = decodeClaims(text);
    if (claims === undefined || text.length > MAX_ASSERTION_LENGTH || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text))
      throw new Error('not a JWS');
    return { header: decodeProtectedHeader(text), claims };
  } catch {
    throw invalidClient('client_assertion isn’t a signed JWT.');
  }
}

/** Checks the claims `iss`, `sub` and `aud`. RFC 7523 §3, items 1 to 3 */
function requireParties(claims: JWTPayload, { clientId }: App, audiences: readonly string[]): void {
  for (const name of ['iss', 'sub'] as const) {
    if (claims[name] === clientId) continue;
    throw invalidClient(
      `${name} of client_assertion is ${toPrintable(claims[name])}; expected the client_id, ${clientId}.`,
    );
  }
  const given: readonly unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  const accepted = audiences.map(withoutSlash);
  if (given.some((aud) => typeof aud === 'string' && accepted.includes(withoutSlash(aud)))) return;
  throw invalidClient(`aud of client_assertion is ${toPrintable(claims.aud)}; expected ${audiences[0]}.`);
}

const withoutSlash = (url: string): string => url.replace(/\/$/, '');

/**
 * Checks the claims `exp`, `nbf` and `iat` (RFC 7523 §3, items 4 to 6). SMART App Launch 2.2 allows a lifetime of at
 * most five minutes.
 * @returns the time at which the assertion expires
 */
function requireTimes({ exp, nbf, iat }: JWTPayload, now: Date): Date {
  const secondsLeft = (time: number): number => Math.round(time - now.getTime() / 1000);
  if (typeof exp !== 'number')
    throw invalidClient('client_assertion has no exp. Add one, at most 5 min in the future.');
  if (exp * 1000 <= now.getTime()) throw invalidClient(`client_assertion expired ${-secondsLeft(exp)} s ago.`);
  if (exp * 1000 > now.getTime() + MAX_LIFETIME + CLOCK_SKEW) {
    throw invalidClient(`client_assertion expires in ${secondsLeft(exp)} s; at most 300 s are allowed.`);
  }
  for (const [name, time] of Object.entries({ nbf, iat })) {
    if (time === undefined) continue;
    if (typeof time !== 'number') throw invalidClient(`${name} of client_assertion must be a number of seconds.`);
    if (time * 1000 > now.getTime() + CLOCK_SKEW) {
      throw invalidClient(
        `${name} of client_assertion is ${secondsLeft(time)} s in the future. Check the app’s clock.`,
      );
    }
  }
  return new Date(exp * 1000);
}

async function findKeys(
  keySets: KeySets,
  client: App,
  kid: string,
  alg: AssertionAlgorithm,
): Promise<readonly KeyObject[]> {
  const found = await keySets.find(client, kid).catch((error) => {
    throw error instanceof KeySetError ? invalidClient(error.message) : error;
  });
  if (found.length === 0)
    throw invalidClient(`The kid ${toPrintable(kid)} isn’t in the registered key set of this app.`);
  // Only a few keys are tried: a key set may contain hundreds of keys with one `kid`, and importing each key takes
  // time.
  const suitable = found.filter((key) => isSuitableKey(key, alg)).slice(0, MAX_KEYS_PER_KID);
  const keys = suitable.map(findImportedKey).filter((key) => key !== undefined);
  if (keys.length > 0) return keys;
  throw invalidClient(
    `The registered key ${toPrintable(kid)} can't verify ${alg}. RS384 needs an RSA key of 2048 to 4096 bits, ES384 an EC key on P-384.`,
  );
}

function isSuitableKey(key: JsonWebKeyMembers, alg: AssertionAlgorithm): boolean {
  const { kty, crv } = ASSERTION_ALGORITHMS[alg];
  if (key['kty'] !== kty || (crv !== undefined && key['crv'] !== crv)) return false;
  return key['use'] !== 'enc' && (key['alg'] === undefined || key['alg'] === alg) && isCheapToVerify(key);
}

/**
 * Imported keys by their JSON Web Key, undefined for keys that can't be used. An import takes as long as two
 * verifications.
 */
const importedKeys = new WeakMap<JsonWebKeyMembers, KeyObject | undefined>();

function findImportedKey(key: JsonWebKeyMembers): KeyObject | undefined {
  if (!importedKeys.has(key)) importedKeys.set(key, importPublicKey(key));
  return importedKeys.get(key);
}

function importPublicKey(key: JsonWebKeyMembers): KeyObject | undefined {
  try {
    const imported = createPublicKey({ key: { ...key }, format: 'jwk' });
    return key['kty'] === 'EC' || (imported.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? imported : undefined;
  } catch {
    return undefined;
  }
}

function isSignatureValid(jws: string, alg: AssertionAlgorithm, key: KeyObject): boolean {
  const dot = jws.lastIndexOf('.');
  const signature = Buffer.from(jws.slice(dot + 1), 'base64url');
  // RFC 7518 §3.4: an EC signature is the concatenation of the integers R and S, not a DER structure.
  const verifyKey = alg === 'ES384' ? { key, dsaEncoding: 'ieee-p1363' as const } : key;
  return verify('sha384', Buffer.from(jws.slice(0, dot)), verifyKey, signature);
}
