import { deleteInBatches, type Executor, ROWS_PER_DELETE, statement } from '../../database/index.ts';
import { type AccountId, hours, later, type Random, randomSecret, sha256 } from '../../kernel/index.ts';

export type LinkPurpose = 'reset-password' | 'change-email' | 'lost-factor';

export const RESET_LINK_LIFETIME = hours(1);
const LINK_LIFETIMES: Readonly<Record<LinkPurpose, number>> = {
  // A password reset link is valid for the whole window of the rate limit on password reset requests. A person who
  // can't request another link therefore still has a valid one.
  'reset-password': RESET_LINK_LIFETIME,
  'change-email': hours(24),
  'lost-factor': hours(24),
};

/**
 * Creates a one-time link and ends earlier links of the same account and purpose, so that only the link in the latest
 * email works.
 */
const insert = statement(
  'people.link.insert',
  {},
  `with over as (
     update account_link set used_at = $4 where account_id = $2 and purpose = $3 and used_at is null)
   insert into account_link (hash, account_id, purpose, created_at, expires_at, email)
   values ($1, $2, $3, $4, $5, $6)`,
);
const VALID_LINK = `hash = $1 and purpose = $2 and used_at is null and expires_at > $3 and exists (
     select from account a where a.account_id = account_link.account_id and not a.published and a.closed_at is null)`;
const find = statement(
  'people.link.find',
  { account_id: 'uuid', email: 'text?' },
  `select account_id, email from account_link where ${VALID_LINK}`,
);
/**
 * Uses up a one-time link. Locks the account before the link. All other changes of an account lock in that order too,
 * so concurrent changes wait for each other instead of deadlocking.
 */
const use = statement(
  'people.link.use',
  { account_id: 'uuid', email: 'text?' },
  `with held as (
     select a.account_id from account a join account_link l on l.account_id = a.account_id and l.hash = $1
     for update of a)
   update account_link set used_at = $3 from held
   where account_link.account_id = held.account_id and ${VALID_LINK} returning account_link.account_id, account_link.email`,
);
const end = statement(
  'people.link.end-all-of',
  {},
  `update account_link set used_at = $2
   where account_id = $1 and used_at is null and ($3::text is null or purpose = $3)`,
);
/**
 * Marks the entered, unconfirmed email address as too old for a password reset. Otherwise someone who once entered
 * their own address in another person's account could get an email with a link to that account. From then on only a
 * user who is signed in can request a confirmation email for the address.
 */
const distrustUnconfirmedEmail = statement(
  'people.link.distrust-unconfirmed',
  {},
  'update account set unconfirmed_since = null where account_id = $1 and unconfirmed_since is not null',
);
const sweep = statement(
  'people.link.sweep',
  { deleted: 'int4' },
  `with gone as (
     delete from account_link where expires_at < $1 and hash in (
       select hash from account_link where expires_at < $1 limit ${ROWS_PER_DELETE})
     returning 1)
   select count(*)::int4 as deleted from gone`,
);

export interface OneTimeLink {
  readonly accountId: AccountId;
  /** The new email address, for a link with the purpose `change-email`; otherwise `undefined`. */
  readonly email: string | undefined;
}

/** Creates a one-time link. @returns the token of the link, which is stored only as a hash */
export async function createLink(
  tx: Executor,
  { random, now }: { random: Random; now: Date },
  { accountId, purpose, email }: { accountId: AccountId; purpose: LinkPurpose; email?: string },
): Promise<string> {
  const token = randomSecret(random);
  await tx.query(insert, [sha256(token), accountId, purpose, now, later(now, LINK_LIFETIMES[purpose]), email]);
  return token;
}

/** Finds a valid one-time link and leaves it valid, because email programs open links to preview them. */
export const findLink = async (
  db: Executor,
  token: string,
  purpose: LinkPurpose,
  now: Date,
): Promise<OneTimeLink | undefined> => toLink(await db.query(find, [sha256(token), purpose, now]));

/** Uses up a valid one-time link. If two calls run at the same time, one returns the link and the other `undefined`. */
export const useLink = async (
  tx: Executor,
  token: string,
  purpose: LinkPurpose,
  now: Date,
): Promise<OneTimeLink | undefined> => toLink(await tx.query(use, [sha256(token), purpose, now]));

/**
 * Ends the unused one-time links of an account.
 * @param purpose ends only links of this purpose; if omitted, all links
 */
export async function endLinks(tx: Executor, accountId: AccountId, now: Date, purpose?: LinkPurpose): Promise<void> {
  await tx.query(end, [accountId, now, purpose]);
  if (purpose === undefined) await tx.query(distrustUnconfirmedEmail, [accountId]);
}

/** Deletes one-time links that expired before the given time. */
export async function purgeExpiredLinks(db: Executor, before: Date): Promise<void> {
  await deleteInBatches(db, sweep, [before]);
}

const toLink = ([row]: readonly { account_id: string; email: string | null }[]): OneTimeLink | undefined =>
  row === undefined ? undefined : { accountId: row.account_id as AccountId, email: row.email ?? undefined };
