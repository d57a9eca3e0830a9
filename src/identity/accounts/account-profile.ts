import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AccountKind } from '../../domain/index.ts';
import type { Language } from '../../i18n/index.ts';
import type { AccountId } from '../../kernel/index.ts';

/** An account without its credentials, as its owner, the practice portal and emails see it. */
export interface AccountProfile {
  readonly accountId: AccountId;
  readonly username: string;
  readonly displayName: string;
  readonly kind: AccountKind;
  readonly administrator: boolean;
  readonly published: boolean;
  /** Normalized address that the person has confirmed. */
  readonly email: string | undefined;
  /** Normalized address that was entered and not confirmed yet. */
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
  published: 'bool',
  email: 'text?',
  unconfirmed_email: 'text?',
  language: 'text',
  has_password: 'bool',
  locked_at: 'timestamptz?',
} as const;
const SELECT = `select account_id, username, display_name, kind, administrator, published, email, unconfirmed_email, language,
  password_hash is not null as has_password, locked_at from account where closed_at is null`;
const byId = statement('people.person.by-id', COLUMNS, `${SELECT} and account_id = $1`);
const byEmail = statement('people.person.by-email', COLUMNS, `${SELECT} and email = $1 and (kind = 'developer') = $2`);
/**
 * Only accounts without a confirmed address are found by an unconfirmed one, because someone else may have entered it.
 * Accounts with a confirmed address use that one for a forgotten password.
 */
const selectByUnconfirmedEmail = statement(
  'people.person.by-unconfirmed-email',
  COLUMNS,
  `${SELECT} and unconfirmed_email = $1 and unconfirmed_since > $2 and email is null and not published
   order by unconfirmed_since desc limit 3`,
);
const byUsername = statement('people.person.by-username', COLUMNS, `${SELECT} and username = $1`);
const list = statement('people.person.list', COLUMNS, `${SELECT} order by kind, username`);

/** Finds an open account by its id. */
export async function findAccountProfile(db: Executor, accountId: AccountId): Promise<AccountProfile | undefined> {
  return firstProfile(await db.query(byId, [accountId]));
}

/** Finds the patient, representative or staff account with this confirmed address. @param email normalized */
export async function findProfileByEmail(db: Executor, email: string): Promise<AccountProfile | undefined> {
  return firstProfile(await db.query(byEmail, [email, false]));
}

/**
 * Finds the developer account with this confirmed address. A developer may use the same address for a patient account.
 * @param email normalized
 */
export async function findDeveloperProfileByEmail(db: Executor, email: string): Promise<AccountProfile | undefined> {
  return firstProfile(await db.query(byEmail, [email, true]));
}

/**
 * Finds accounts without a confirmed address for which this one was entered after the given time, at most three.
 * @param email normalized
 */
export async function findProfilesByUnconfirmedEmail(
  db: Executor,
  email: string,
  since: Date,
): Promise<readonly AccountProfile[]> {
  return (await db.query(selectByUnconfirmedEmail, [email, since])).map(toAccountProfile);
}

/** Finds the account that has the address and whose kind can't share it with an account of the given kind. */
export const findEmailOwner = (db: Executor, email: string, kind: AccountKind): Promise<AccountProfile | undefined> =>
  kind === 'developer' ? findDeveloperProfileByEmail(db, email) : findProfileByEmail(db, email);

/** Finds an open account by its username. @param username normalized */
export async function findProfileByUsername(db: Executor, username: string): Promise<AccountProfile | undefined> {
  return firstProfile(await db.query(byUsername, [username]));
}

/** Lists all open accounts, by kind and username. */
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
  published: row.published,
  email: row.email ?? undefined,
  unconfirmedEmail: row.unconfirmed_email ?? undefined,
  language: row.language as Language,
  hasPassword: row.has_password,
  lockedAt: row.locked_at ?? undefined,
});
