import { sign } from 'node:crypto';
import type { Executor } from '../../database/index.ts';
import type { Encryption } from '../../encryption/index.ts';
import { type Clock, hours, later, minutes, seconds } from '../../kernel/index.ts';
import {
  listSigningKeyEntries,
  readSigningKeys,
  type SigningAlg,
  type SigningKey,
  type SigningKeyEntry,
} from './signing-key-store.ts';

/** Signing keys are cached for this long. A process notices a key rotation within this time, without a restart. */
const POLL_INTERVAL = seconds(1);
/** Seconds for which clients may cache the key set. */
export const JWKS_MAX_AGE = 300;
/**
 * A key stays published this long after its successor started to sign: the lifetime of an id_token, plus a margin for
 * clock differences.
 */
const PUBLISHED_AFTER_ROTATION = hours(1) + minutes(15);

export interface SigningKeyring {
  /** Signs a JWT with the key that is in use for the algorithm. RFC 7515 §3.1 */
  sign(alg: SigningAlg, claims: object): Promise<string>;
  /**
   * Returns the key set that is published (RFC 7517): the public keys whose signatures may still be valid, and the key
   * that signs next.
   */
  publicKeySet(): Promise<{ readonly keys: readonly object[] }>;
}

/** Creates the keyring. It reads the keys from the database and caches them for one second. */
export function createKeyring(deps: { db: Executor; clock: Clock; encryption: Encryption }): SigningKeyring {
  let cached: { at: number; keys: Promise<readonly SigningKey[]> } | undefined;

  async function keys(): Promise<readonly SigningKey[]> {
    const now = deps.clock.now().getTime();
    if (cached === undefined || now - cached.at > POLL_INTERVAL || now < cached.at) {
      const previous = cached;
      const reading = readSigningKeys(deps.db, deps.encryption);
      cached = { at: now, keys: reading };
      // If the database can't be reached or the encryption key is missing, the keys that were read before stay in use.
      reading.catch(() => {
        cached = previous === undefined ? undefined : { ...previous, at: now };
      });
    }
    return cached.keys;
  }

  return {
    async sign(alg, claims) {
      const now = deps.clock.now();
      const key = (await keys()).findLast((one) => one.alg === alg && one.activeFrom <= now);
      if (key === undefined) throw new Error(`there is no key for ${alg}`);
      return signJwt(key, claims);
    },
    async publicKeySet() {
      const all = await keys();
      return { keys: all.filter((key) => !isRetired(key, all, deps.clock.now())).map(toPublicJwk) };
    },
  };
}

/** Whether the key's successor has been signing for so long that every token that the key itself signed has expired. */
const isRetired = ({ alg, activeFrom }: SigningKeyEntry, all: readonly SigningKeyEntry[], now: Date): boolean =>
  all.some(
    (next) =>
      next.alg === alg && next.activeFrom > activeFrom && next.activeFrom < later(now, -PUBLISHED_AFTER_ROTATION),
  );

export interface SigningKeyStatus extends SigningKeyEntry {
  /**
   * `signs`: the key in use. `next`: published, but doesn't sign yet. `kept`: no longer signs, but is still published
   * because its signatures may be valid. `over`: no longer published.
   */
  readonly status: 'signs' | 'next' | 'kept' | 'over';
}

/** Lists all keys in the order in which they start to sign. */
export async function listSigningKeys(db: Executor, clock: Clock): Promise<readonly SigningKeyStatus[]> {
  const all = await listSigningKeyEntries(db);
  const now = clock.now();
  return all.map((key) => ({ ...key, status: getKeyStatus(key, all, now) }));
}

function getKeyStatus(key: SigningKeyEntry, all: readonly SigningKeyEntry[], now: Date): SigningKeyStatus['status'] {
  if (key.activeFrom > now) return 'next';
  const current = all.findLast(({ alg, activeFrom }) => alg === key.alg && activeFrom <= now);
  if (current === key) return 'signs';
  return isRetired(key, all, now) ? 'over' : 'kept';
}

function toPublicJwk({ kid, alg, privateKey }: SigningKey): object {
  const { kty, n, e, crv, x, y } = privateKey.export({ format: 'jwk' });
  return { kty, use: 'sig', alg, kid, ...(kty === 'RSA' ? { n, e } : { crv, x, y }) };
}

/**
 * Signs a JWT with RS256 or ES256 (RFC 7518 §3.3, §3.4). It is synchronous: a signature takes at most 0.3 ms, and the
 * overhead of WebCrypto would cost more.
 */
function signJwt({ alg, kid, privateKey }: SigningKey, claims: object): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const input = `${encode({ alg, typ: 'JWT', kid })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}
