import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AccountKind } from '../../domain/index.ts';
import type { Language } from '../../i18n/index.ts';
import type { AccountId } from '../../kernel/index.ts';

/** Data of an account without its credentials, for the account's owner, the practice portal and emails. */
export interface AccountProfile {
  readonly accountId: AccountId;
  readonly username: string;
  readonly displayName: string;
  readonly kind: AccountKind;
  readonly administrator: boolean;
  /** True for a shared sandbox account that reviews made-up apps only. */
  readonly sandboxAdministrator: boolean;
  readonly published: boolean;
  /** Email address that the person has confirmed, normalized. */
  readonly email: string | undefined;
  /** Email address that was entered but isn't confirmed yet, normalized. */
  readonly unconfirmedEmail: string | undefined;
  readonly language: Language;
  readonly hasPassword: boolean;
  readonly lockedAt: Date | undefined;
}

const COLUMNS = {
  account_id: 'uuid',
  username: 'text',
  display_name: 'text',
  kind: 'text',
  administrator: 'bool',
  sandbox_administrator: 'bool',
  published: 'bool',
  email: 'text?',
  unconfirmed_email: 'text?',
  language: 'text',
  has_password: 'bool',
  locked_at: 'timestamptz?',
} as const;
const SELECT = `select account_id, username, display_name, kind, administrator, sandbox_administrator, published, email, unconfirmed_email,
  language, password_hash is not null as has_password, locked_at from account where closed_at is null`;
const byId = statement('people.person.by-id', COLUMNS, `${SELECT} and account_id = $1`);
const byEmail = statement('people.person.by-email', COLUMNS, `${SELECT} and email = $1 and (kind = 'developer') = $2`);
/**
 * Finds accounts by an address that was entered for them but not confirmed. Someone else may have entered it, so
 * accounts that also have a confirmed address are left out: their password resets go to the confirmed address.
 */
const selectByUnconfirmedEmail = statement(
  'people.person.by-unconfirmed-email',
  COLUMNS,
  `${SELECT} and unconfirmed_email = $1 and unconfirmed_since > $2 and email is null and not published
   order by unconfirmed_since desc limit 3`,
);
const byUsername = statement('people.person.by-username', COLUMNS, `${SELECT} and username = $1`);
const searchByName = statement(
  'people.person.search',
  COLUMNS,
  `${SELECT} and kind in ('staff', 'developer') and ($2::uuid is null or account_id = $2)
   and (position($1 in lower(display_name)) > 0 or position($1 in lower(username)) > 0
     or position($1 in lower(coalesce(email, ''))) > 0)
   order by lower(display_name), username limit $3`,
);
const list = statement('people.person.list', COLUMNS, `${SELECT} order by kind, username`);

/** Finds an open account by its id. */
export async function findAccountProfile(db: Executor, accountId: AccountId): Promise<AccountProfile | undefined> {
  return firstProfile(await db.query(byId, [accountId]));
}

/**
 * Finds the patient, representative or staff account with this confirmed email address.
 * @param email normalized address
 */
export async function findProfileByEmail(db: Executor, email: string): Promise<AccountProfile | undefined> {
  return firstProfile(await db.query(byEmail, [email, false]));
}

/**
 * Finds the developer account with this confirmed email address. The same person may use the address for a patient
 * account too.
 * @param email normalized address
 */
export async function findDeveloperProfileByEmail(db: Executor, email: string): Promise<AccountProfile | undefined> {
  return firstProfile(await db.query(byEmail, [email, true]));
}

/**
 * Finds accounts that have no confirmed email address and for which this address was entered after the given time.
 * Returns at most three accounts, the one with the latest entry first.
 * @param email normalized address
 */
export async function findProfilesByUnconfirmedEmail(
  db: Executor,
  email: string,
  since: Date,
): Promise<readonly AccountProfile[]> {
  return (await db.query(selectByUnconfirmedEmail, [email, since])).map(toAccountProfile);
}

/**
 * Finds the account that prevents an account of the given kind from using this email address. A developer account can
 * share an address with accounts of other kinds, but not with another developer account.
 */
export const findEmailOwner = (db: Executor, email: string, kind: AccountKind): Promise<AccountProfile | undefined> =>
  kind === 'developer' ? findDeveloperProfileByEmail(db, email) : findProfileByEmail(db, email);

/** Finds an open account by its username. @param username normalized username */
export async function findProfileByUsername(db: Executor, username: string): Promise<AccountProfile | undefined> {
  return firstProfile(await db.query(byUsername, [username]));
}

/**
 * Finds open accounts of staff, administrators and developers, but not of patients and their representatives.
 * @param search part of a name, username or confirmed email address, or the id of an account
 * @param limit maximum number of accounts
 */
export async function searchStaffAndDevelopers(
  db: Executor,
  { text, accountId }: { readonly text: string; readonly accountId?: string | undefined },
  limit: number,
): Promise<readonly AccountProfile[]> {
  return (await db.query(searchByName, [text.toLowerCase(), accountId ?? null, limit])).map(toAccountProfile);
}

/** Lists all open accounts, sorted by kind and username. */
export async function listAccountProfiles(db: Executor): Promise<readonly AccountProfile[]> {
  return (await db.query(list)).map(toAccountProfile);
}

const firstProfile = ([row]: readonly RowOf<typeof COLUMNS>[]): AccountProfile | undefined =>
  row === undefined ? undefined : toAccountProfile(row);

const toAccountProfile = (row: RowOf<typeof COLUMNS>): AccountProfile => ({
  accountId: row.account_id as AccountId,
  username: row.username,
  displayName: row.display_name,
  kind: row.kind as AccountKind,
  administrator: row.administrator,
  sandboxAdministrator: row.sandbox_administrator,
  published: row.published,
  email: row.email ?? undefined,
  unconfirmedEmail: row.unconfirmed_email ?? undefined,
  language: row.language as Language,
  hasPassword: row.has_password,
  lockedAt: row.locked_at ?? undefined,
});
