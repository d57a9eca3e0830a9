import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import type { Executor } from '../../database/index.ts';
import { type ClientId, type Clock, later, minutes, networkOf, seconds } from '../../kernel/index.ts';
import type { Client } from '../ports.ts';
import { refusal, shown } from './claims.ts';
import { type Key, KeySetFault, type KeySets } from './key-set.ts';
import { isCheapToVerify } from './key-size.ts';
import type { RateLimit } from './rate-limit.ts';
import { useOnce } from './seen-once.ts';

export interface AssertionDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly keySets: KeySets;
  /** Counts wrong signatures by client and network, because verifying one costs up to a millisecond. */
  readonly failures: RateLimit;
}

export interface PresentedAssertion {
  readonly text: string;
  readonly client: Client;
  /** Network address of the sender. */
  readonly address: string;
  /** Accepted values of `aud`. They come from the configuration, never from the request. */
  readonly audiences: readonly string[];
  /**
   * A second check of the same assertion, after the cached client was found to be outdated. The failure was already
   * counted.
   */
  readonly again: boolean;
}

/** A valid assertion whose `jti` has not been checked for replay yet. */
export interface CheckedAssertion {
  readonly clientId: ClientId;
  readonly jti: string;
  readonly expires: Date;
}

interface Decoded {
  readonly alg: Alg;
  readonly kid: string;
  readonly jti: string;
  readonly expires: Date;
}

/** SMART App Launch 2.2, Client Authentication: Asymmetric */
const ALGS = { RS384: { kty: 'RSA', crv: undefined }, ES384: { kty: 'EC', crv: 'P-384' } } as const;
type Alg = keyof typeof ALGS;
const LONGEST_LIFE = minutes(5);
/** Tolerated clock difference. */
const SKEW = seconds(10);
const LONGEST = 8000;
/** Keys tried for one `kid`. */
const MOST_KEYS = 3;

/**
 * Verifies an assertion (RFC 7523 §3): first the cheap checks, then key lookup and signature. Throws `invalid_client`.
 */
export async function verifyAssertion(deps: AssertionDeps, presented: PresentedAssertion): Promise<CheckedAssertion> {
  const { text, client, address, again } = presented;
  const { alg, kid, jti, expires } = decode(presented, deps.clock.now());
  const failed = `${client.clientId} ${networkOf(address)}`;
  if (!again) requirePatience(deps.failures, failed);
  const keys = await keysFor(deps.keySets, client, kid, alg);
  // Check again: nothing is awaited between here and `count`, so concurrent attempts are all counted.
  if (!again) requirePatience(deps.failures, failed);
  if (!keys.some((key) => isSigned(text, alg, key))) {
    if (!again) deps.failures.count(failed);
    throw refusal(`The signature of client_assertion does not match the registered key ${shown(kid)}.`);
  }
  return { clientId: client.clientId, jti, expires };
}

/** RFC 7523 §3, 7: an assertion works once. Only a valid one uses up its `jti`. */
export async function useAssertion(deps: AssertionDeps, { clientId, jti, expires }: CheckedAssertion): Promise<void> {
  const once = { parts: ['assertion', clientId, jti], expires: later(expires, SKEW), now: deps.clock.now() };
  if (await useOnce(deps.db, once)) return;
  throw refusal('This client_assertion was used before. Make a new one, with a new jti, for each request.');
}

function requirePatience(failures: RateLimit, key: string): void {
  const wait = failures.wait(key);
  if (wait === undefined) return;
  throw refusal(`Too many assertions of this app with a wrong signature came from here. Wait ${wait} s.`, wait);
}

function decode({ text, client, audiences }: PresentedAssertion, now: Date): Decoded {
  const { header, claims } = parsed(text);
  const { alg, kid } = header;
  if (alg !== 'RS384' && alg !== 'ES384') {
    throw refusal(`client_assertion is signed with ${shown(alg)}. Sign it with RS384 or ES384.`);
  }
  if (typeof kid !== 'string' || kid === '') throw refusal('client_assertion has no kid in its header: name its key.');
  // RFC 7515 §4.1.11: an unsupported critical extension must be rejected, and this server supports none.
  if (header['crit'] !== undefined) throw refusal('client_assertion has a crit header, which is not supported.');
  if (header['jku'] !== undefined && header['jku'] !== client.jwksUri) {
    throw refusal(
      client.jwksUri === undefined
        ? `jku is ${shown(header['jku'])}, but this app registered its keys themselves. Remove jku, or register a jwks_uri.`
        : `jku is ${shown(header['jku'])}, which is not the jwks_uri that this app registered.`,
    );
  }
  requireParties(claims, client, audiences);
  const expires = requireTimes(claims, now);
  const { jti } = claims;
  if (typeof jti !== 'string' || jti === '') throw refusal('client_assertion has no jti. Give each its own.');
  return { alg, kid, jti, expires };
}

function parsed(text: string): { header: Readonly<Record<string, unknown>>; claims: JWTPayload } {
  try {
    if (text.length > LONGEST || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) throw new Error('no JWS');
    return { header: decodeProtectedHeader(text), claims: decodeJwt(text) };
  } catch {
    throw refusal('client_assertion is not a signed JWT.');
  }
}

/** RFC 7523 §3: 1 to 3 */
function requireParties(claims: JWTPayload, { clientId }: Client, audiences: readonly string[]): void {
  for (const name of ['iss', 'sub'] as const) {
    if (claims[name] === clientId) continue;
    throw refusal(`${name} of client_assertion is ${shown(claims[name])}; expected the client_id, ${clientId}.`);
  }
  const given: readonly unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  const accepted = audiences.map(withoutSlash);
  if (given.some((aud) => typeof aud === 'string' && accepted.includes(withoutSlash(aud)))) return;
  throw refusal(`aud of client_assertion is ${shown(claims.aud)}; expected ${audiences[0]}.`);
}

const withoutSlash = (url: string): string => url.replace(/\/$/, '');

/** RFC 7523 §3: 4 to 6; SMART App Launch 2.2: at most five minutes. */
function requireTimes({ exp, nbf, iat }: JWTPayload, now: Date): Date {
  const secondsLeft = (time: number): number => Math.round(time - now.getTime() / 1000);
  if (typeof exp !== 'number') throw refusal('client_assertion has no exp: say when it expires, at most 5 min ahead.');
  if (exp * 1000 <= now.getTime()) throw refusal(`client_assertion expired ${-secondsLeft(exp)} s ago.`);
  if (exp * 1000 > now.getTime() + LONGEST_LIFE + SKEW) {
    throw refusal(`client_assertion expires ${secondsLeft(exp)} s ahead; at most 300 s are allowed.`);
  }
  for (const [name, time] of Object.entries({ nbf, iat })) {
    if (time === undefined) continue;
    if (typeof time !== 'number') throw refusal(`${name} of client_assertion must be a number of seconds.`);
    if (time * 1000 > now.getTime() + SKEW) {
      throw refusal(`${name} of client_assertion lies ${secondsLeft(time)} s ahead. Check the clock of the app.`);
    }
  }
  return new Date(exp * 1000);
}

async function keysFor(keySets: KeySets, client: Client, kid: string, alg: Alg): Promise<readonly KeyObject[]> {
  const found = await keySets.find(client, kid).catch((error) => {
    throw error instanceof KeySetFault ? refusal(error.message) : error;
  });
  if (found.length === 0) throw refusal(`The kid ${shown(kid)} is not in the registered key set of this app.`);
  // A key set may hold hundreds of keys with one kid, and each takes time to import.
  const suitable = found.filter((key) => suits(key, alg)).slice(0, MOST_KEYS);
  const keys = suitable.map((key) => publicKey(key)).filter((key) => key !== undefined);
  if (keys.length > 0) return keys;
  throw refusal(
    `The registered key ${shown(kid)} can't verify ${alg}: that takes RSA of 2048 to 4096 bits for RS384, EC on P-384 for ES384.`,
  );
}

function suits(key: Key, alg: Alg): boolean {
  const { kty, crv } = ALGS[alg];
  if (key['kty'] !== kty || (crv !== undefined && key['crv'] !== crv)) return false;
  return key['use'] !== 'enc' && (key['alg'] === undefined || key['alg'] === alg) && isCheapToVerify(key);
}

function publicKey(key: Key): KeyObject | undefined {
  try {
    const imported = createPublicKey({ key: { ...key }, format: 'jwk' });
    return key['kty'] === 'EC' || (imported.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? imported : undefined;
  } catch {
    return undefined;
  }
}

function isSigned(jws: string, alg: Alg, key: KeyObject): boolean {
  const dot = jws.lastIndexOf('.');
  const signature = Buffer.from(jws.slice(dot + 1), 'base64url');
  // RFC 7518 §3.4: an EC signature is the concatenation of its two integers.
  const verifyKey = alg === 'ES384' ? { key, dsaEncoding: 'ieee-p1363' as const } : key;
  return verify('sha384', Buffer.from(jws.slice(0, dot)), verifyKey, signature);
}
