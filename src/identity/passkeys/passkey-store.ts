import { deleteInBatches, type Executor, ROWS_PER_DELETE, type RowOf, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';

const insertChallenge = statement(
  'people.passkey-challenge.keep',
  {},
  'insert into passkey_challenge (hash, account_id, handle, expires_at) values ($1, $2, $3, $4)',
);
/**
 * Deletes a challenge when it is used. WebAuthn L3 §13.4.3: a challenge is valid once, whether or not the verification
 * succeeds.
 */
const deleteChallenge = statement(
  'people.passkey-challenge.use',
  { account_id: 'uuid?', handle: 'bytea?', good: 'bool' },
  'delete from passkey_challenge where hash = $1 returning account_id, handle, expires_at > $2 as good',
);
const purge = statement(
  'people.passkey-challenge.sweep',
  { deleted: 'int4' },
  `with gone as (
     delete from passkey_challenge where expires_at < $1 and hash in (
       select hash from passkey_challenge where expires_at < $1 limit ${ROWS_PER_DELETE})
     returning 1)
   select count(*)::int4 as deleted from gone`,
);
/**
 * Stores a passkey unless an account has it already. WebAuthn L3 §7.1, step 26: a credential id belongs to at most one
 * account.
 */
const insert = statement(
  'people.passkey.insert',
  { credential_id: 'bytea' },
  `insert into passkey (credential_id, account_id, handle, public_key, counter, transports, name, created_at)
   select $1, a.account_id, $3, $4, $5, $6, $7, $8 from account a
   where a.account_id = $2 and not a.published and a.closed_at is null
   on conflict do nothing returning credential_id`,
);
const PASSKEY = {
  credential_id: 'bytea',
  account_id: 'uuid',
  handle: 'bytea',
  public_key: 'bytea',
  counter: 'int8',
  transports: '_text',
  name: 'text',
  created_at: 'timestamptz',
  used_at: 'timestamptz?',
} as const;
const COLUMNS = 'credential_id, account_id, handle, public_key, counter, transports, name, created_at, used_at';
const find = statement('people.passkey.find', PASSKEY, `select ${COLUMNS} from passkey where credential_id = $1`);
const list = statement(
  'people.passkey.list',
  PASSKEY,
  `select ${COLUMNS} from passkey where account_id = $1 order by created_at, credential_id`,
);
/**
 * Stores the signature counter of a passkey if the counter grew, or if the old and the new value are zero. WebAuthn L3
 * §7.2, step 22: a counter that doesn't grow indicates a cloned authenticator. Authenticators without a counter always
 * send zero.
 */
const use = statement(
  'people.passkey.use',
  { credential_id: 'bytea' },
  `update passkey set counter = $2, used_at = $3
   where credential_id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning credential_id`,
);
const remove = statement(
  'people.passkey.remove',
  { name: 'text' },
  'delete from passkey where account_id = $1 and credential_id = $2 returning name',
);
const removeAll = statement('people.passkey.remove-all', {}, 'delete from passkey where account_id = $1');

export type PasskeyRow = RowOf<typeof PASSKEY>;

export interface ChallengeSubject {
  readonly accountId: AccountId | undefined;
  /**
   * User handle of the passkey that is being created; `undefined` if the challenge is for signing in with a passkey.
   */
  readonly handle: Buffer | undefined;
}

export async function saveChallenge(
  db: Executor,
  hash: Buffer,
  { accountId, handle }: ChallengeSubject,
  expiresAt: Date,
): Promise<void> {
  await db.query(insertChallenge, [hash, accountId, handle, expiresAt]);
}

/** Uses up a WebAuthn challenge. Returns `undefined` if the challenge is unknown, used or expired. */
export async function useChallenge(db: Executor, hash: Buffer, now: Date): Promise<ChallengeSubject | undefined> {
  const [row] = await db.query(deleteChallenge, [hash, now]);
  if (row?.good !== true) return undefined;
  return { accountId: (row.account_id ?? undefined) as AccountId | undefined, handle: row.handle ?? undefined };
}

/** Deletes expired WebAuthn challenges. */
export async function purgeExpiredChallenges(db: Executor, now: Date): Promise<void> {
  await deleteInBatches(db, purge, [now]);
}

/** A new passkey from a registration response that was verified. */
export interface NewPasskey {
  readonly credentialId: Buffer;
  readonly handle: Buffer;
  /** Public key in COSE format. */
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: readonly string[];
}

/**
 * Stores a passkey.
 * @returns false if the credential id is already registered, or the account is a shared sandbox account or closed
 */
export async function insertPasskey(
  tx: Executor,
  accountId: AccountId,
  passkey: NewPasskey & { readonly name: string; readonly now: Date },
): Promise<boolean> {
  const { credentialId, handle, publicKey, counter, transports, name, now } = passkey;
  return (
    (await tx.query(insert, [credentialId, accountId, handle, publicKey, counter, transports, name, now])).length > 0
  );
}

export const findPasskey = async (db: Executor, credentialId: Buffer): Promise<PasskeyRow | undefined> =>
  (await db.query(find, [credentialId]))[0];

export const listPasskeys = (db: Executor, accountId: AccountId): Promise<PasskeyRow[]> => db.query(list, [accountId]);

/**
 * Stores the signature counter that the authenticator sent.
 * @returns false if the counter didn't grow; a stored and a sent counter of zero are accepted
 */
export async function updateCounter(tx: Executor, credentialId: Buffer, counter: number, now: Date): Promise<boolean> {
  return (await tx.query(use, [credentialId, counter, now])).length > 0;
}

/**
 * Removes a passkey of the account.
 * @returns the name of the passkey; `undefined` if the account has no such passkey
 */
export const removePasskey = async (
  tx: Executor,
  accountId: AccountId,
  credentialId: Buffer,
): Promise<string | undefined> => (await tx.query(remove, [accountId, credentialId]))[0]?.name;

export async function removePasskeys(tx: Executor, accountId: AccountId): Promise<void> {
  await tx.query(removeAll, [accountId]);
}
