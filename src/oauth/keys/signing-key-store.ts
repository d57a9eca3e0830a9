import { createHash, createPrivateKey, generateKeyPair, type KeyObject, type webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { type Executor, statement } from '../../database/index.ts';
import type { EncryptedPlace, Encryption } from '../../encryption/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { later, minutes } from '../../kernel/index.ts';

/**
 * Algorithms of id_token signatures. Every OpenID Connect client can verify RS256 with 2,048 bits. ES256 signs nine
 * times as fast, for apps that request it.
 */
export const SIGNING_ALGS = ['RS256', 'ES256'] as const;
export type SigningAlg = (typeof SIGNING_ALGS)[number];

/** A signing key without its private part. */
export interface SigningKeyEntry {
  readonly kid: string;
  readonly alg: SigningAlg;
  /** Time from which the key signs. The key is published as soon as it is created. */
  readonly activeFrom: Date;
}

export interface SigningKey extends SigningKeyEntry {
  readonly privateKey: KeyObject;
}

/**
 * Time between publishing a key and signing with it. It is longer than clients (`JWKS_MAX_AGE`) and our own processes
 * (`POLL_INTERVAL`) together may cache the key set.
 */
export const PUBLICATION_LEAD_TIME = minutes(10);

const listStatement = statement(
  'oauth.keys.list',
  { kid: 'text', alg: 'text', active_from: 'timestamptz' },
  'select kid, alg, active_from from signing_key order by active_from, kid',
);
const readStatement = statement(
  'oauth.keys.read',
  { kid: 'text', alg: 'text', private_jwk: 'jsonb?', encrypted_key: 'bytea?', active_from: 'timestamptz' },
  'select kid, alg, private_jwk, encrypted_key, active_from from signing_key order by active_from, kid',
);
const insertStatement = statement(
  'oauth.keys.insert',
  {},
  `insert into signing_key (kid, alg, private_jwk, encrypted_key, created_at, active_from)
   values ($1, $2, $3, $4, $5, $6)`,
);
const deleteOthersStatement = statement(
  'oauth.keys.discard',
  { kid: 'text' },
  'delete from signing_key where kid <> all($1::text[]) returning kid',
);

const deleteReplacedStatement = statement(
  'oauth.keys.sweep',
  {},
  `delete from signing_key k where exists (
     select from signing_key n where n.alg = k.alg and n.active_from > k.active_from and n.active_from < $1)`,
);

/** Where the private part of a key is stored if it is encrypted. */
export const privateKeyPlace = (kid: string): EncryptedPlace => ({ column: 'signing_key.encrypted_key', row: kid });

/** Lists all keys without their private parts, in the order in which they start to sign. */
export const listSigningKeyEntries = async (db: Executor): Promise<readonly SigningKeyEntry[]> =>
  (await db.query(listStatement)).map(({ kid, alg, active_from }) => ({
    kid,
    alg: alg as SigningAlg,
    activeFrom: active_from,
  }));

/** Reads all keys in the order in which they start to sign. */
export async function readSigningKeys(db: Executor, encryption: Encryption): Promise<readonly SigningKey[]> {
  const keys: SigningKey[] = [];
  for (const { kid, alg, private_jwk, encrypted_key, active_from } of await db.query(readStatement)) {
    const jwk =
      encrypted_key === null
        ? private_jwk
        : JSON.parse((await encryption.decrypt(db, privateKeyPlace(kid), encrypted_key)).toString());
    const privateKey = createPrivateKey({ key: jwk as webcrypto.JsonWebKey, format: 'jwk' });
    keys.push({ kid, alg: alg as SigningAlg, privateKey, activeFrom: active_from });
  }
  return keys;
}

/**
 * Creates a signing key for each algorithm that has none. Two servers that start at the same time may both create one:
 * both keys are published, and the later one signs.
 */
export async function ensureSigningKeys(db: Executor, clock: Clock, encryption: Encryption): Promise<void> {
  const known = await listSigningKeyEntries(db);
  for (const alg of SIGNING_ALGS) {
    if (!known.some((key) => key.alg === alg)) await createSigningKey(db, { clock, encryption }, alg, clock.now());
  }
}

export interface KeyRotation {
  /** The keys that the rotation created, one for each algorithm. */
  readonly made: readonly { readonly kid: string; readonly alg: SigningAlg; readonly activeFrom: Date }[];
  readonly discarded: readonly string[];
}

/**
 * Creates a new key for each algorithm. The key is published immediately and signs after `PUBLICATION_LEAD_TIME`; old
 * keys stay published as long as tokens that they signed are valid. If a key has leaked (`options.leaked`), the new
 * keys sign immediately, and all old keys are deleted, which invalidates every id_token they signed.
 */
export async function rotateSigningKeys(
  db: Executor,
  deps: SigningKeyDeps,
  options: { leaked: boolean },
): Promise<KeyRotation> {
  const { clock } = deps;
  const from = options.leaked ? clock.now() : later(clock.now(), PUBLICATION_LEAD_TIME);
  const made = [];
  for (const alg of SIGNING_ALGS)
    made.push({ kid: await createSigningKey(db, deps, alg, from), alg, activeFrom: from });
  // Delete all other keys, also those that were about to start signing. All keys are in one table, so a leak affects
  // all of them.
  const kids = made.map(({ kid }) => kid);
  const discarded = options.leaked ? (await db.query(deleteOthersStatement, [kids])).map(({ kid }) => kid) : [];
  return { made, discarded };
}

/** Deletes keys that were replaced before a time. No token that they signed is valid then. */
export async function deleteReplacedSigningKeys(db: Executor, before: Date): Promise<void> {
  await db.query(deleteReplacedStatement, [before]);
}

export interface SigningKeyDeps {
  readonly clock: Clock;
  readonly encryption: Encryption;
}

async function createSigningKey(
  db: Executor,
  { clock, encryption }: SigningKeyDeps,
  alg: SigningAlg,
  activeFrom: Date,
): Promise<string> {
  const generate = promisify(generateKeyPair);
  const { privateKey } =
    alg === 'RS256' ? await generate('rsa', { modulusLength: 2048 }) : await generate('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' });
  const kid = thumbprint(jwk);
  const secret = JSON.stringify(jwk);
  const encrypted = await encryption.encrypt(db, privateKeyPlace(kid), Buffer.from(secret));
  const stored = encrypted === undefined ? [secret, null] : [null, encrypted];
  await db.query(insertStatement, [kid, alg, ...stored, clock.now(), activeFrom]);
  return kid;
}

/** Computes the key id as a thumbprint. RFC 7638 §3.2: only the required members, in lexicographic order. */
function thumbprint({ kty, n, e, crv, x, y }: webcrypto.JsonWebKey): string {
  const members = kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
