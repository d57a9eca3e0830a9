import { type Executor, statement } from '../../database/index.ts';
import type { EncryptedPlace, Encryption } from '../../encryption/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { findTimeStep, normalizeCode } from './totp.ts';

/** SQL condition: the session that begins a setup has already begun it, and saw the pending key. */
const IS_REPEATED =
  'totp.pending_by = excluded.pending_by and coalesce(totp.pending, totp.encrypted_pending) is not null';

const insertPending = statement(
  'people.totp.begin',
  { pending: 'bytea?', encrypted_pending: 'bytea?' },
  `insert into totp (account_id, pending, encrypted_pending, pending_by)
   select a.account_id, $2, $3, $4 from account a where a.account_id = $1 and not a.published and a.closed_at is null
   on conflict (account_id) do update set pending_by = excluded.pending_by,
     pending = case when ${IS_REPEATED} then totp.pending else excluded.pending end,
     encrypted_pending = case when ${IS_REPEATED} then totp.encrypted_pending else excluded.encrypted_pending end
   returning pending, encrypted_pending`,
);
const find = statement(
  'people.totp.find',
  { secret: 'bytea?', encrypted_secret: 'bytea?', confirmed_at: 'timestamptz?' },
  'select secret, encrypted_secret, confirmed_at from totp where account_id = $1',
);
/** Locks the row, so that the pending key stays the one that is read here until it is confirmed. */
const findPending = statement(
  'people.totp.find-pending',
  { pending: 'bytea?', encrypted_pending: 'bytea?' },
  'select pending, encrypted_pending from totp where account_id = $1 and pending_by = $2 for update',
);
const confirm = statement(
  'people.totp.confirm',
  { account_id: 'uuid' },
  `update totp set secret = $3, encrypted_secret = $4, pending = null, encrypted_pending = null, pending_by = null,
     confirmed_at = $5, last_step = $6
   where account_id = $1 and pending_by = $2 returning account_id`,
);
/**
 * Accepts a code of the authenticator app only if it is newer than the last accepted one (RFC 6238 §5.2). The key is known
 * by the time when it was confirmed, because its encrypted form may change at any time.
 */
const updateLastStep = statement(
  'people.totp.take',
  { account_id: 'uuid' },
  `update totp set last_step = $2 where account_id = $1 and confirmed_at = $3 and last_step < $2 returning account_id`,
);
const remove = statement(
  'people.totp.remove',
  { account_id: 'uuid' },
  'delete from totp where account_id = $1 returning account_id',
);

/** Account and session in which an authenticator app is being set up. */
interface AuthenticatorSetup {
  readonly accountId: AccountId;
  readonly sessionId: string;
}

interface AuthenticatorDeps {
  readonly db: Executor;
  readonly encryption: Encryption;
}

/** A column of `totp` with a key, and the same key encrypted. At most one of them is set. */
interface StoredKey {
  readonly clear: Buffer | null;
  readonly encrypted: Buffer | null;
}

export const secretPlace = (accountId: string): EncryptedPlace => ({ column: 'totp.encrypted_secret', row: accountId });
export const pendingPlace = (accountId: string): EncryptedPlace => ({
  column: 'totp.encrypted_pending',
  row: accountId,
});

/**
 * Reads a stored key. If both forms are there, a process of an earlier release has stored the one in clear after the
 * other.
 */
export async function readKey(
  { db, encryption }: AuthenticatorDeps,
  place: EncryptedPlace,
  { clear, encrypted }: StoredKey,
): Promise<Buffer | undefined> {
  if (clear !== null) return clear;
  return encrypted === null ? undefined : encryption.decrypt(db, place, encrypted);
}

/** Encrypts a key if the installation encrypts. @returns the values of both columns */
async function storeKey({ db, encryption }: AuthenticatorDeps, place: EncryptedPlace, key: Buffer) {
  const encrypted = await encryption.encrypt(db, place, key);
  return encrypted === undefined ? ([key, null] as const) : ([null, encrypted] as const);
}

/**
 * Starts the setup of an authenticator app. The new key takes effect when the person enters a code from it; until then
 * an existing authenticator app continues to work. The pending key stays the same for a session, so that reloading the
 * page shows the key that the person already scanned. Other sessions can't see the key.
 * @returns the key to display
 */
export async function startAuthenticatorSetup(
  deps: AuthenticatorDeps,
  { accountId, sessionId }: AuthenticatorSetup,
  newKey: Buffer,
): Promise<Buffer> {
  const place = pendingPlace(accountId);
  const stored = await storeKey(deps, place, newKey);
  const [row] = await deps.db.query(insertPending, [accountId, ...stored, sessionId]);
  if (row === undefined) return newKey;
  return (await readKey(deps, place, { clear: row.pending, encrypted: row.encrypted_pending })) ?? newKey;
}

/**
 * Makes the pending key the account's authenticator app if the entered code belongs to that key.
 * @param deps.db a transaction
 * @returns whether the code belongs to the key
 */
export async function confirmAuthenticator(
  deps: AuthenticatorDeps,
  { accountId, sessionId }: AuthenticatorSetup,
  code: string,
  now: Date,
): Promise<boolean> {
  const [row] = await deps.db.query(findPending, [accountId, sessionId]);
  const stored = { clear: row?.pending ?? null, encrypted: row?.encrypted_pending ?? null };
  const pending = await readKey(deps, pendingPlace(accountId), stored);
  const step = pending === undefined ? undefined : findTimeStep(pending, normalizeCode(code), now);
  if (pending === undefined || step === undefined) return false;
  const secret = await storeKey(deps, secretPlace(accountId), pending);
  return (await deps.db.query(confirm, [accountId, sessionId, ...secret, now, step])).length > 0;
}

/**
 * Verifies a code from the authenticator app. A correct code is accepted once.
 * @returns `used` for a correct code that was accepted before
 */
export async function useAuthenticatorCode(
  deps: AuthenticatorDeps,
  accountId: AccountId,
  code: string,
  now: Date,
): Promise<'right' | 'used' | 'wrong'> {
  const [row] = await deps.db.query(find, [accountId]);
  const stored = { clear: row?.secret ?? null, encrypted: row?.encrypted_secret ?? null };
  const secret = await readKey(deps, secretPlace(accountId), stored);
  const step = secret === undefined ? undefined : findTimeStep(secret, normalizeCode(code), now);
  if (step === undefined) return 'wrong';
  return (await deps.db.query(updateLastStep, [accountId, step, row?.confirmed_at])).length > 0 ? 'right' : 'used';
}

/** Removes the account's authenticator app. @returns whether the account had one */
export async function removeAuthenticator(tx: Executor, accountId: AccountId): Promise<boolean> {
  return (await tx.query(remove, [accountId])).length > 0;
}
