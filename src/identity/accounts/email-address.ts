import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';

/**
 * Sets the confirmed email address of an account if no other account has it. Two accounts never share an address,
 * except a developer's account and an account of another kind.
 */
const updateEmail = statement(
  'people.email.set',
  { account_id: 'uuid', had: 'text?' },
  `update account a set email = $2, unconfirmed_email = null, unconfirmed_since = null
   from (select email from account where account_id = $1 for update) before
   where a.account_id = $1 and not a.published and a.closed_at is null
     and not exists (select from account other where other.email = $2 and other.account_id <> $1
       and (other.kind = 'developer') = (a.kind = 'developer'))
   returning a.account_id, before.email as had`,
);

const updateUnconfirmedEmail = statement(
  'people.email.unconfirmed',
  {},
  `update account set unconfirmed_email = $2, unconfirmed_since = $3
   where account_id = $1 and not published and closed_at is null`,
);

/**
 * Stores an email address that the person entered, until it is confirmed. It replaces an earlier unconfirmed address.
 * @param email normalized address
 */
export async function saveUnconfirmedEmail(
  tx: Executor,
  accountId: AccountId,
  email: string,
  now: Date,
): Promise<void> {
  await tx.query(updateUnconfirmedEmail, [accountId, email, now]);
}

/**
 * SQLSTATE unique_violation. When an email address is stored, it means that a concurrent transaction gave the address
 * to another account.
 */
const UNIQUE_VIOLATION = '23505';

/**
 * Sets the confirmed email address of an account.
 * @param email normalized address that the person has confirmed
 * @returns the previous address if there was one, or `taken` if another account has the new one
 */
export async function setEmail(
  tx: Executor,
  accountId: AccountId,
  email: string,
): Promise<{ readonly had: string | undefined } | 'taken'> {
  const [row] = await tx.query(updateEmail, [accountId, email]);
  return row === undefined ? 'taken' : { had: row.had ?? undefined };
}

/**
 * Tells whether an error is the unique violation that `setEmail` causes when two accounts take the same email address
 * at the same time.
 */
export const isEmailTakenError = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === UNIQUE_VIOLATION;
