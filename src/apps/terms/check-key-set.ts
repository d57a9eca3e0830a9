import { createPublicKey } from 'node:crypto';
import { isTrustedHost } from '../../config/index.ts';
import { isObject } from '../../kernel/index.ts';
import { type AppIssue, type AppIssueCode, appIssue } from './app-issue.ts';

/** JWK members that only private or symmetric keys have (RFC 7518 §6). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const MAX_CHARACTERS = 64 * 1024;

/**
 * Returns why a key set can't be registered and how to fix it. Returns undefined if it is valid: at
 * least one public key can sign a client assertion. RFC 7517 §5, RFC 7523 §3
 */
export function checkKeySet(jwks: unknown): AppIssue | undefined {
  const keys = readKeys(jwks);
  if (keys === undefined) {
    return appIssue('keys-no-set', 'The key set must be a JSON object with an array of keys: {"keys": [...]}.');
  }
  if (!isShort(jwks)) {
    return appIssue('keys-too-large', 'The key set is too large. Remove everything that isn’t a signing key.');
  }
  if (keys.some((key) => PRIVATE_MEMBERS.some((member) => member in key))) {
    return appIssue('keys-private', PRIVATE_KEY);
  }
  return keys.some(isUsable) ? undefined : appIssue('keys-unusable', UNUSABLE);
}

const PRIVATE_KEY =
  'The key set contains a private or secret key. Treat that key as compromised. Create a new key and register only its public part.';
const UNUSABLE =
  'The key set has no usable key. Add an RSA key of at least 2048 bits (RS384) or an EC key on P-384 (ES384), with a "kid".';

/** Returns the number of keys in a key set that can sign a client assertion. */
export const countUsableKeys = (jwks: unknown): number => (readKeys(jwks) ?? []).filter(isUsable).length;

/**
 * Returns why an address can't be registered as the address of an app's key set. Returns undefined
 * if the address is valid.
 */
export function checkKeySetUri(address: string, trustedHosts: readonly string[]): AppIssue | undefined {
  const wrong = (code: AppIssueCode, text: string): AppIssue => appIssue(code, `jwks_uri ${text}`, { address });
  if (!URL.canParse(address) || address.length > 2000) {
    return wrong('address-not-absolute', 'isn’t an absolute URL.');
  }
  if (!/^[\u0021-\u007e]+$/.test(address)) {
    return wrong('address-not-ascii', 'must be plain ASCII. Escape other characters as %XX.');
  }
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') {
    return wrong('address-with-credentials', 'can’t contain a username or password.');
  }
  if (url.hash !== '') return wrong('address-with-fragment', 'can’t have a fragment (#…).');
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isTrustedHost(url, trustedHosts))) return undefined;
  return wrong('key-address-not-https', 'must use https. (http is only for hosts in the setting TRUSTED_JWKS_HOSTS.)');
}

type JwkObject = Readonly<Record<string, unknown>>;

function readKeys(jwks: unknown): readonly JwkObject[] | undefined {
  const keys = isObject(jwks) ? jwks['keys'] : undefined;
  return Array.isArray(keys) && keys.every(isObject) ? keys : undefined;
}

function isUsable(key: JwkObject): boolean {
  if (typeof key['kid'] !== 'string' || key['kid'] === '' || key['use'] === 'enc') return false;
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key, format: 'jwk' });
    if (asymmetricKeyType === 'ec')
      return asymmetricKeyDetails?.namedCurve === 'secp384r1' && allowsAlgorithm(key, 'ES384');
    return (
      asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 && allowsAlgorithm(key, 'RS384')
    );
  } catch {
    return false;
  }
}

/**
 * Returns whether a key set is short enough to store. One that is nested too deeply for
 * JSON.stringify counts as too long.
 */
function isShort(jwks: unknown): boolean {
  try {
    return JSON.stringify(jwks).length <= MAX_CHARACTERS;
  } catch {
    return false;
  }
}

const allowsAlgorithm = (key: JwkObject, wanted: string): boolean => key['alg'] === undefined || key['alg'] === wanted;
