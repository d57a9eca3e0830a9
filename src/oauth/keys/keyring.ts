import { sign } from 'node:crypto';
import type { Executor } from '../../database/index.ts';
import { type Clock, hours, later, minutes, seconds } from '../../kernel/index.ts';
import { readKeys, type SigningAlg, type SigningKey } from './store.ts';

/** A process learns of a rotation within this time, without a restart. */
const POLL_EVERY = seconds(1);
/** Seconds: how long clients may keep the key set. */
export const JWKS_MAX_AGE = 300;
/** After its successor has begun to sign, a key stays published for the life of an id_token and clocks that differ. */
const KEPT = hours(1) + minutes(15);

export interface Keyring {
  /** A signed JWT by the key that is current. RFC 7515 §3.1 */
  sign(alg: SigningAlg, claims: object): Promise<string>;
  /** RFC 7517: the public halves of all keys that may have signed what is still good, and of the next. */
  published(): Promise<{ readonly keys: readonly object[] }>;
}

export function openKeyring(deps: { db: Executor; clock: Clock }): Keyring {
  let known: { at: number; keys: Promise<readonly SigningKey[]> } | undefined;

  async function keys(): Promise<readonly SigningKey[]> {
    const now = deps.clock.now().getTime();
    if (known === undefined || now - known.at > POLL_EVERY || now < known.at) {
      const last = known;
      const reading = readKeys(deps.db);
      known = { at: now, keys: reading };
      // What was known before serves on when the database can't be asked.
      reading.catch(() => {
        known = last === undefined ? undefined : { ...last, at: now };
      });
    }
    return known.keys;
  }

  return {
    async sign(alg, claims) {
      const now = deps.clock.now();
      const key = (await keys()).findLast((one) => one.alg === alg && one.activeFrom <= now);
      if (key === undefined) throw new Error(`there is no key for ${alg}`);
      return signJwt(key, claims);
    },
    async published() {
      const all = await keys();
      const over = later(deps.clock.now(), -KEPT);
      const kept = all.filter(
        (key) =>
          !all.some((next) => next.alg === key.alg && next.activeFrom > key.activeFrom && next.activeFrom < over),
      );
      return { keys: kept.map(publicHalf) };
    },
  };
}

function publicHalf({ kid, alg, privateKey }: SigningKey): object {
  const { kty, n, e, crv, x, y } = privateKey.export({ format: 'jwk' });
  return { kty, use: 'sig', alg, kid, ...(kty === 'RSA' ? { n, e } : { crv, x, y }) };
}

/** RFC 7518 §3.3, §3.4. Synchronous: 0.3 ms or less, a detour through WebCrypto costs more than the signature. */
function signJwt({ alg, kid, privateKey }: SigningKey, claims: object): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const input = `${encode({ alg, typ: 'JWT', kid })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}
