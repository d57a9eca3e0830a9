import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { findTimeStep, normalizeCode } from './totp.ts';

const insertPending = statement(
  'people.totp.begin',
  { pending: 'bytea' },
  `insert into totp (account_id, pending, pending_by)
   select a.account_id, $2, $3 from account a where a.account_id = $1 and not a.published and a.closed_at is null
   on conflict (account_id) do update set pending_by = excluded.pending_by,
     pending = case when totp.pending_by = excluded.pending_by then coalesce(totp.pending, excluded.pending)
       else excluded.pending end
   returning pending`,
);
const find = statement('people.totp.find', { secret: 'bytea?' }, 'select secret from totp where account_id = $1');
const findPending = statement(
  'people.totp.find-pending',
  { pending: 'bytea' },
  'select pending from totp where account_id = $1 and pending_by = $2 and pending is not null',
);
const confirm = statement(
  'people.totp.confirm',
  { account_id: 'uuid' },
  `update totp set secret = pending, pending = null, pending_by = null, confirmed_at = $3, last_step = $4
   where account_id = $1 and pending = $2 and pending_by = $5 returning account_id`,
);
/** Accepts a code of the authenticator app only if it is newer than the last accepted one (RFC 6238 §5.2). */
const updateLastStep = statement(
  'people.totp.take',
  { account_id: 'uuid' },
  `update totp set last_step = $2 where account_id = $1 and secret = $3 and last_step < $2 returning account_id`,
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

/**
 * Starts the setup of an authenticator app. The new key takes effect when the person enters a code from it; until then
 * an existing authenticator app continues to work. The pending key stays the same for a session, so that reloading the
 * page shows the key that the person already scanned. Other sessions can't see the key.
 * @returns the key to display
 */
export async function startAuthenticatorSetup(
  tx: Executor,
  setup: AuthenticatorSetup,
  newKey: Buffer,
): Promise<Buffer> {
  return (await tx.query(insertPending, [setup.accountId, newKey, setup.sessionId]))[0]?.pending ?? newKey;
}

/**
 * Makes the pending key the account's authenticator app if the entered code belongs to that key.
 * @returns whether the code belongs to the key
 */
export async function confirmAuthenticator(
  tx: Executor,
  { accountId, sessionId }: AuthenticatorSetup,
  code: string,
  now: Date,
): Promise<boolean> {
  const pending = (await tx.query(findPending, [accountId, sessionId]))[0]?.pending;
  const step = pending === undefined ? undefined : findTimeStep(pending, normalizeCode(code), now);
  if (step === undefined) return false;
  return (await tx.query(confirm, [accountId, pending, now, step, sessionId])).length > 0;
}

/**
 * Verifies a code from the authenticator app. A correct code is accepted once.
 * @returns `used` for a correct code that was accepted before
 */
export async function useAuthenticatorCode(
  db: Executor,
  accountId: AccountId,
  code: string,
  now: Date,
): Promise<'right' | 'used' | 'wrong'> {
  const secret = (await db.query(find, [accountId]))[0]?.secret ?? undefined;
  const step = secret === undefined ? undefined : findTimeStep(secret, normalizeCode(code), now);
  if (step === undefined) return 'wrong';
  return (await db.query(updateLastStep, [accountId, step, secret])).length > 0 ? 'right' : 'used';
}

/** Removes the account's authenticator app. @returns whether the account had one */
export async function removeAuthenticator(tx: Executor, accountId: AccountId): Promise<boolean> {
  return (await tx.query(remove, [accountId])).length > 0;
}
