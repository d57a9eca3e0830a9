import type { PasswordCost } from '../config/index.ts';
import { type Executor, type RowOf, statement } from '../database/index.ts';
import {
  type AccountId,
  type Clock,
  OperatorFault,
  type PracticeId,
  type Random,
  type RecordId,
} from '../kernel/index.ts';
import type { Language } from '../words/index.ts';
import { hashPassword } from './password.ts';

export type AccountKind = 'patient' | 'staff' | 'developer';

export interface Account {
  readonly accountId: AccountId;
  /** Patients and those who act for them, people who work at a practice, or who make apps. Nobody is two of these in one account. */
  readonly kind: AccountKind;
  readonly displayName: string;
  /** undefined: signs in with a passkey alone. */
  readonly passwordHash: string | undefined;
  /** Folded; one that the person has answered from. */
  readonly email: string | undefined;
  /** Of the whole installation. */
  readonly administrator: boolean;
  /** Sandbox credentials that everyone may know. */
  readonly published: boolean;
  /** Since when the practice has it locked: nobody signs in, and what was signed in is over. */
  readonly lockedAt: Date | null;
}

const insertAccount = statement(
  'people.account.insert',
  { account_id: 'uuid' },
  `insert into account (account_id, username, display_name, password_hash, published, kind, created_at, email, language)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning account_id`,
);
const insertOwn = statement(
  'people.account.insert-own-record',
  {},
  "insert into representation (account_id, record_id, relationship) values ($1, $2, 'self') on conflict do nothing",
);
const insertStaff = statement(
  'people.staff.insert',
  {},
  'insert into staff (account_id, practice_id, practitioner_id, roles) values ($1, $2, $3, $4)',
);
const ACCOUNT = {
  account_id: 'uuid',
  kind: 'text',
  display_name: 'text',
  password_hash: 'text?',
  email: 'text?',
  administrator: 'bool',
  published: 'bool',
  locked_at: 'timestamptz?',
} as const;
const SELECT = 'select account_id, kind, display_name, password_hash, email, administrator, published, locked_at';
const byUsername = statement(
  'people.account.by-username',
  ACCOUNT,
  `${SELECT} from account where username = $1 and closed_at is null`,
);
const byName = statement(
  'people.account.by-name',
  ACCOUNT,
  `${SELECT} from account where (username = $1 or email = $1) and closed_at is null order by username = $1 desc`,
);

/** What people type is not what is kept: case and surrounding space don't matter. */
export const foldUsername = (username: string): string => username.normalize('NFKC').trim().toLowerCase();

const POSSIBLE_USERNAME = /^[\p{L}\p{N}._@+-]{3,100}$/u;

/** Whether it can be one, as it will be kept. */
export const isUsername = (text: string): boolean => POSSIBLE_USERNAME.test(foldUsername(text));

/** As it is kept; throws an `OperatorFault` when it can't be one. */
export function requireUsername(text: string): string {
  const username = foldUsername(text);
  if (POSSIBLE_USERNAME.test(username)) return username;
  throw new OperatorFault(`"${text}" can't be a username: 3 to 100 letters, digits or . _ @ + - are allowed.`);
}

export interface NewAccount {
  readonly username: string;
  /** undefined: a passkey is added to it. */
  readonly password: string | undefined;
  readonly displayName: string;
  /** Sandbox credentials that everyone may know. */
  readonly published: boolean;
  /** Folded; one that the person has answered from. */
  readonly email?: string | undefined;
  readonly language?: Language;
}

/** What it takes to make an account. */
export interface AccountDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly passwordCost: PasswordCost;
}

/** An account for a patient's own record. Undefined when the username or the address is taken. */
export async function addAccount(
  tx: Executor,
  deps: AccountDeps,
  wanted: NewAccount & { readonly recordId: RecordId },
): Promise<AccountId | undefined> {
  const accountId = await insert(tx, deps, 'patient', wanted);
  if (accountId !== undefined) await tx.query(insertOwn, [accountId, wanted.recordId]);
  return accountId;
}

/** An account for someone who only acts for others. Undefined when the username is taken. */
export const addRepresentative = (
  tx: Executor,
  deps: AccountDeps,
  wanted: NewAccount,
): Promise<AccountId | undefined> => insert(tx, deps, 'patient', wanted);

/** An account for somebody who makes apps. Undefined when the username or the address is taken. */
export const addDeveloper = (tx: Executor, deps: AccountDeps, wanted: NewAccount): Promise<AccountId | undefined> =>
  insert(tx, deps, 'developer', wanted);

/** What somebody does at a practice: opens apps from charts, enrolls patients, sees who read what, runs the practice's pages. */
export const ROLES = ['clinician', 'front-desk', 'privacy-officer', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** Where a member of staff works, and as whom. */
export interface Employment {
  readonly practiceId: PracticeId;
  /** A Practitioner of that practice's directory; undefined for who is nobody there, and launches no app. */
  readonly practitionerId: string | undefined;
  /** `clinician` when left out. */
  readonly roles?: readonly Role[];
}

/** An account for a member of staff. Undefined when the username is taken. */
export async function addStaff(
  tx: Executor,
  deps: AccountDeps,
  wanted: NewAccount & { readonly practices: readonly Employment[] },
): Promise<AccountId | undefined> {
  const accountId = await insert(tx, deps, 'staff', wanted);
  if (accountId === undefined) return undefined;
  for (const { practiceId, practitionerId = null, roles = ['clinician'] } of wanted.practices)
    await tx.query(insertStaff, [accountId, practiceId, practitionerId, roles]);
  return accountId;
}

async function insert(
  tx: Executor,
  deps: AccountDeps,
  kind: AccountKind,
  wanted: NewAccount,
): Promise<AccountId | undefined> {
  const username = requireUsername(wanted.username);
  const passwordHash = wanted.password === undefined ? null : await hashPassword(wanted.password, deps.passwordCost);
  const { displayName, published, email, language = 'en' } = wanted;
  const values = [deps.random.uuid(), username, displayName, passwordHash, published, kind, deps.clock.now()];
  const [row] = await tx.query(insertAccount, [...values, email, language]);
  return row?.account_id as AccountId | undefined;
}

export async function findAccount(db: Executor, username: string): Promise<Account | undefined> {
  const folded = foldUsername(username);
  const [row] = POSSIBLE_USERNAME.test(folded) ? await db.query(byUsername, [folded]) : [];
  return row === undefined ? undefined : accountOf(row);
}

/**
 * The accounts that somebody may mean who signs in: by username, and by address. There are two when one has for a
 * username what is the address of another.
 */
export async function findAccountsNamed(db: Executor, name: string): Promise<readonly Account[]> {
  const folded = foldUsername(name);
  if (folded.length > LONGEST_NAME || /\p{Cc}/u.test(folded)) return [];
  return (await db.query(byName, [folded])).map(accountOf);
}

/** RFC 5321 §4.5.3.1.3: no address is longer. */
const LONGEST_NAME = 254;

function accountOf(row: RowOf<typeof ACCOUNT>): Account {
  return {
    accountId: row.account_id as AccountId,
    kind: row.kind as AccountKind,
    displayName: row.display_name,
    passwordHash: row.password_hash ?? undefined,
    email: row.email ?? undefined,
    administrator: row.administrator,
    published: row.published,
    lockedAt: row.locked_at,
  };
}

const nameOf = statement(
  'people.account.name',
  { display_name: 'text' },
  'select display_name from account where account_id = $1',
);

/** How a person is called. */
export async function nameOfAccount(db: Executor, accountId: AccountId): Promise<string | undefined> {
  return (await db.query(nameOf, [accountId]))[0]?.display_name;
}
