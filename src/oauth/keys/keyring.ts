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
      return { keys: all.filter((key) => !isOver(key, all, deps.clock.now())).map(publicHalf) };
    },
  };
}

/** A successor has signed for so long that nothing is good any more that this one signed. */
const isOver = ({ alg, activeFrom }: SigningKey, all: readonly SigningKey[], now: Date): boolean =>
  all.some((next) => next.alg === alg && next.activeFrom > activeFrom && next.activeFrom < later(now, -KEPT));

export interface ListedKey {
  readonly kid: string;
  readonly alg: SigningAlg;
  readonly activeFrom: Date;
  /** `kept`: published for what it signed; `over`: published no more. */
  readonly standing: 'signs' | 'next' | 'kept' | 'over';
}

/** All keys there are, by when they begin to sign. */
export async function listKeys(db: Executor, clock: Clock): Promise<readonly ListedKey[]> {
  const all = await readKeys(db);
  const now = clock.now();
  return all.map((key) => ({
    kid: key.kid,
    alg: key.alg,
    activeFrom: key.activeFrom,
    standing: standingOf(key, all, now),
  }));
}

function standingOf(key: SigningKey, all: readonly SigningKey[], now: Date): ListedKey['standing'] {
  if (key.activeFrom > now) return 'next';
  const current = all.findLast(({ alg, activeFrom }) => alg === key.alg && activeFrom <= now);
  if (current === key) return 'signs';
  return isOver(key, all, now) ? 'over' : 'kept';
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
