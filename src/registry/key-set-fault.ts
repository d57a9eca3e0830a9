import { createPublicKey } from 'node:crypto';
import { isTrustedHost } from '../config/index.ts';
import { type Fault, type FaultCode, fault } from './fault.ts';

/** Members that only private or symmetric keys have. RFC 7518 §6 */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const MOST_CHARACTERS = 64 * 1024;

/**
 * Returns why a key set can't be registered and how to fix it; undefined if it is valid, which means
 * that at least one public key can sign a client assertion. RFC 7517 §5, RFC 7523 §3
 */
export function keySetFault(jwks: unknown): Fault | undefined {
  const keys = keysOf(jwks);
  if (keys === undefined) {
    return fault('keys-no-set', 'The key set must be a JSON object with an array of keys: {"keys": [...]}.');
  }
  if (!isShort(jwks)) {
    return fault('keys-too-large', 'The key set is too large: leave out what is not a signing key.');
  }
  if (keys.some((key) => PRIVATE.some((member) => member in key))) {
    return fault('keys-private', PRIVATE_KEY);
  }
  return keys.some(isUsable) ? undefined : fault('keys-unusable', UNUSABLE);
}

const PRIVATE_KEY =
  'The key set holds a private or secret key. That key is no secret any more: make a new one and register its public half alone.';
const UNUSABLE =
  'The key set holds no key that can be used: it takes an RSA key of 2048 bits or more (RS384) or an EC key on P-384 (ES384), with a "kid".';

/** Returns the number of keys that can sign a client assertion. */
export const usableKeys = (jwks: unknown): number => (keysOf(jwks) ?? []).filter(isUsable).length;

/** Returns why key sets can't be fetched from an address; undefined if it is valid. */
export function keyAddressFault(address: string, trustedHosts: readonly string[]): Fault | undefined {
  const wrong = (code: FaultCode, text: string): Fault => fault(code, `jwks_uri ${text}`, { address });
  if (!URL.canParse(address) || address.length > 2000) {
    return wrong('address-not-absolute', 'is not an absolute address.');
  }
  if (!/^[\u0021-\u007e]+$/.test(address)) {
    return wrong('address-not-ascii', 'must be plain ASCII: escape other characters as %XX.');
  }
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') {
    return wrong('address-with-credentials', 'must not hold a username or password.');
  }
  if (url.hash !== '') return wrong('address-with-fragment', 'must not have a fragment (#…).');
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isTrustedHost(url, trustedHosts))) return undefined;
  return wrong(
    'key-address-not-https',
    'must use https. (http is for hosts that the setting TRUSTED_JWKS_HOSTS names.)',
  );
}

type Key = Readonly<Record<string, unknown>>;

function keysOf(jwks: unknown): readonly Key[] | undefined {
  const keys = typeof jwks === 'object' && jwks !== null && 'keys' in jwks ? jwks.keys : undefined;
  return Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null) ? keys : undefined;
}

function isUsable(key: Key): boolean {
  if (typeof key['kid'] !== 'string' || key['kid'] === '' || key['use'] === 'enc') return false;
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key, format: 'jwk' });
    if (asymmetricKeyType === 'ec') return asymmetricKeyDetails?.namedCurve === 'secp384r1' && alg(key, 'ES384');
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 && alg(key, 'RS384');
  } catch {
    return false;
  }
}

/** A value nested too deeply for JSON.stringify counts as too large. */
function isShort(jwks: unknown): boolean {
  try {
    return JSON.stringify(jwks).length <= MOST_CHARACTERS;
  } catch {
    return false;
  }
}

const alg = (key: Key, wanted: string): boolean => key['alg'] === undefined || key['alg'] === wanted;
