import { type Executor, statement } from '../database/index.ts';
import type { AccountId } from '../kernel/index.ts';

/** The address is free, or it is not kept: two accounts never have one, but a developer's and one that is not. */
const set = statement(
  'people.email.set',
  { account_id: 'uuid', had: 'text?' },
  `update account a set email = $2, unconfirmed_email = null, unconfirmed_since = null
   from (select email from account where account_id = $1 for update) before
   where a.account_id = $1 and not a.published and a.closed_at is null
     and not exists (select from account other where other.email = $2 and other.account_id <> $1
       and (other.kind = 'developer') = (a.kind = 'developer'))
   returning a.account_id, before.email as had`,
);

const unconfirmed = statement(
  'people.email.unconfirmed',
  {},
  `update account set unconfirmed_email = $2, unconfirmed_since = $3
   where account_id = $1 and not published and closed_at is null`,
);

/** The last address that was given, until it is confirmed. @param email folded */
export async function keepUnconfirmed(tx: Executor, accountId: AccountId, email: string, now: Date): Promise<void> {
  await tx.query(unconfirmed, [accountId, email, now]);
}

/** unique_violation: another account was given it at the same moment. */
const TAKEN = '23505';

/**
 * @param email folded; one that the person has answered from
 * @returns the one of before, if there was one; `taken`: another account has it
 */
export async function setEmail(
  tx: Executor,
  accountId: AccountId,
  email: string,
): Promise<{ readonly had: string | undefined } | 'taken'> {
  const [row] = await tx.query(set, [accountId, email]);
  return row === undefined ? 'taken' : { had: row.had ?? undefined };
}

export const isTaken = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === TAKEN;

const LONGEST = 254;
/** As addresses are kept and compared. Undefined: it is none. RFC 5321 §4.1.2, without quotes and routes. */
export function foldedEmail(text: string): string | undefined {
  const folded = text.normalize('NFKC').trim().toLowerCase();
  return folded.length <= LONGEST && ADDRESS.test(folded) ? folded : undefined;
}
const ADDRESS =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
