import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { AccountId } from '../kernel/index.ts';
import type { Language } from '../words/index.ts';
import type { AccountKind } from './account.ts';

/** An account as its owner, the desk and mail know it: everything but its secrets. */
export interface Person {
  readonly accountId: AccountId;
  readonly username: string;
  readonly displayName: string;
  readonly kind: AccountKind;
  readonly administrator: boolean;
  readonly published: boolean;
  /** Folded; one that the person has answered from. */
  readonly email: string | undefined;
  /** Folded; one that was given and that the person has not answered from. */
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
/** An account with an address has that one for a forgotten password: another may have been given by someone else. */
const byUnconfirmed = statement(
  'people.person.by-unconfirmed-email',
  COLUMNS,
  `${SELECT} and unconfirmed_email = $1 and unconfirmed_since > $2 and email is null and not published
   order by unconfirmed_since desc limit 3`,
);
const byUsername = statement('people.person.by-username', COLUMNS, `${SELECT} and username = $1`);
const list = statement('people.person.list', COLUMNS, `${SELECT} order by kind, username`);

export async function findPerson(db: Executor, accountId: AccountId): Promise<Person | undefined> {
  return first(await db.query(byId, [accountId]));
}

/** A patient, who acts for patients, or staff. @param email folded */
export async function findPersonByEmail(db: Executor, email: string): Promise<Person | undefined> {
  return first(await db.query(byEmail, [email, false]));
}

/** Whoever makes apps may have the same address for an account of their own as a patient. @param email folded */
export async function findDeveloperByEmail(db: Executor, email: string): Promise<Person | undefined> {
  return first(await db.query(byEmail, [email, true]));
}

/** Accounts without an address that were given this one since. @param email folded */
export async function findPeopleByUnconfirmedEmail(
  db: Executor,
  email: string,
  since: Date,
): Promise<readonly Person[]> {
  return (await db.query(byUnconfirmed, [email, since])).map(personOf);
}

/** The account that has the address, among those that can't have it beside one of this kind. */
export const findNamesake = (db: Executor, email: string, kind: AccountKind): Promise<Person | undefined> =>
  kind === 'developer' ? findDeveloperByEmail(db, email) : findPersonByEmail(db, email);

/** @param username folded */
export async function findPersonByUsername(db: Executor, username: string): Promise<Person | undefined> {
  return first(await db.query(byUsername, [username]));
}

export async function listPeople(db: Executor): Promise<readonly Person[]> {
  return (await db.query(list)).map(personOf);
}

const first = ([row]: readonly RowOf<typeof COLUMNS>[]): Person | undefined =>
  row === undefined ? undefined : personOf(row);

const personOf = (row: RowOf<typeof COLUMNS>): Person => ({
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
