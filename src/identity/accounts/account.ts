import type { PasswordCost } from '../../config/index.ts';
import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AccountKind } from '../../domain/index.ts';
import type { Language } from '../../i18n/index.ts';
import {
  type AccountId,
  type Clock,
  OperatorError,
  type PracticeId,
  type Random,
  type RecordId,
} from '../../kernel/index.ts';
import { hashPassword } from '../passwords/password.ts';

export interface Account {
  readonly accountId: AccountId;
  readonly kind: AccountKind;
  readonly displayName: string;
  /** Password hash; `undefined` for an account that has no password and signs in with a passkey. */
  readonly passwordHash: string | undefined;
  /** Email address that the person has confirmed, normalized. */
  readonly email: string | undefined;
  /** True for an administrator of the whole installation. Administrators of one practice have a staff role instead. */
  readonly administrator: boolean;
  /** True for a shared sandbox account, whose password is public. */
  readonly published: boolean;
  /**
   * Time at which a practice, or an operator on the command line, locked the account; null if it isn't locked. While
   * the account is locked, sign-in is denied, and existing sessions and tokens don't work.
   */
  readonly lockedAt: Date | null;
}

const insertAccount = statement(
  'people.account.insert',
  { account_id: 'uuid' },
  `insert into account (account_id, username, display_name, password_hash, published, kind, created_at, email, language)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning account_id`,
);
const insertOwnRecord = statement(
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
const selectByUsername = statement(
  'people.account.by-username',
  ACCOUNT,
  `${SELECT} from account where username = $1 and closed_at is null`,
);
const selectBySignInName = statement(
  'people.account.by-name',
  ACCOUNT,
  `${SELECT} from account where (username = $1 or email = $1) and closed_at is null order by username = $1 desc`,
);

/** Normalizes a username for storage and comparison: Unicode NFKC, lower case, without surrounding space. */
export const normalizeUsername = (username: string): string => username.normalize('NFKC').trim().toLowerCase();

const VALID_USERNAME = /^[\p{L}\p{N}._@+-]{3,100}$/u;

/** Tells whether a text is a valid username once it is normalized. */
export const isValidUsername = (text: string): boolean => VALID_USERNAME.test(normalizeUsername(text));

/**
 * Returns the normalized username. Throws an `OperatorError` when the text isn't a valid
 * username.
 */
export function requireValidUsername(text: string): string {
  const username = normalizeUsername(text);
  if (VALID_USERNAME.test(username)) return username;
  throw new OperatorError(
    `"${text}" is not a valid username. Use 3 to 100 letters, digits or the characters . _ @ + -`,
  );
}

export interface NewAccount {
  readonly username: string;
  /** Password of the new account; `undefined` if the caller adds a passkey instead. */
  readonly password: string | undefined;
  readonly displayName: string;
  /** True for a shared sandbox account, whose password is public. */
  readonly published: boolean;
  /** Email address that the person has confirmed, normalized. */
  readonly email?: string | undefined;
  readonly language?: Language;
}

export interface AccountCreationDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly passwordCost: PasswordCost;
}

/**
 * Creates an account for a patient and links it to the patient's own record. Returns `undefined` when the username or
 * the email address is taken.
 */
export async function createPatientAccount(
  tx: Executor,
  deps: AccountCreationDeps,
  account: NewAccount & { readonly recordId: RecordId },
): Promise<AccountId | undefined> {
  const accountId = await createAccount(tx, deps, 'patient', account);
  if (accountId !== undefined) await tx.query(insertOwnRecord, [accountId, account.recordId]);
  return accountId;
}

/**
 * Creates an account for someone who only represents patients. Returns `undefined` when the username or the email
 * address is taken.
 */
export const createRepresentativeAccount = (
  tx: Executor,
  deps: AccountCreationDeps,
  account: NewAccount,
): Promise<AccountId | undefined> => createAccount(tx, deps, 'patient', account);

/** Creates an account for an app developer. Returns `undefined` when the username or the email address is taken. */
export const createDeveloperAccount = (
  tx: Executor,
  deps: AccountCreationDeps,
  account: NewAccount,
): Promise<AccountId | undefined> => createAccount(tx, deps, 'developer', account);

/**
 * Roles at a practice: clinicians launch apps from charts, the front desk enrolls patients, privacy officers read
 * disclosures, and administrators manage the practice portal.
 */
export const STAFF_ROLES = ['clinician', 'front-desk', 'privacy-officer', 'administrator'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

export interface NewStaffPosition {
  readonly practiceId: PracticeId;
  /**
   * Id of the staff member's Practitioner resource in the practice's directory. `undefined` for staff who aren't in the
   * directory and therefore can't launch apps.
   */
  readonly practitionerId: string | undefined;
  /** Roles at the practice. The default is `clinician`. */
  readonly roles?: readonly StaffRole[];
}

/**
 * Creates a staff account with its roles at one or more practices. Returns `undefined` when the username or the email
 * address is taken.
 */
export async function createStaffAccount(
  tx: Executor,
  deps: AccountCreationDeps,
  account: NewAccount & { readonly practices: readonly NewStaffPosition[] },
): Promise<AccountId | undefined> {
  const accountId = await createAccount(tx, deps, 'staff', account);
  if (accountId === undefined) return undefined;
  for (const { practiceId, practitionerId = null, roles = ['clinician'] } of account.practices)
    await tx.query(insertStaff, [accountId, practiceId, practitionerId, roles]);
  return accountId;
}

async function createAccount(
  tx: Executor,
  deps: AccountCreationDeps,
  kind: AccountKind,
  account: NewAccount,
): Promise<AccountId | undefined> {
  const username = requireValidUsername(account.username);
  const passwordHash = account.password === undefined ? null : await hashPassword(account.password, deps.passwordCost);
  const { displayName, published, email, language = 'en' } = account;
  const values = [deps.random.uuid(), username, displayName, passwordHash, published, kind, deps.clock.now()];
  const [row] = await tx.query(insertAccount, [...values, email, language]);
  return row?.account_id as AccountId | undefined;
}

/** Finds an open account by its username, ignoring upper and lower case. Returns `undefined` when there is none. */
export async function findAccountByUsername(db: Executor, username: string): Promise<Account | undefined> {
  const folded = normalizeUsername(username);
  const [row] = VALID_USERNAME.test(folded) ? await db.query(selectByUsername, [folded]) : [];
  return row === undefined ? undefined : toAccount(row);
}

/**
 * Finds the accounts whose username or email address is the entered sign-in name. There can be several: when the
 * username of one account is the email address of another, or when a developer and a patient or staff member share an
 * address. The account with the username comes first.
 */
export async function findAccountsBySignInName(db: Executor, name: string): Promise<readonly Account[]> {
  const folded = normalizeUsername(name);
  if (folded.length > MAX_SIGN_IN_NAME_LENGTH || /\p{Cc}/u.test(folded)) return [];
  return (await db.query(selectBySignInName, [folded])).map(toAccount);
}

/**
 * Maximum number of characters in a username or email address at sign-in. RFC 5321 §4.5.3.1.3 limits email addresses to
 * 254.
 */
const MAX_SIGN_IN_NAME_LENGTH = 254;

function toAccount(row: RowOf<typeof ACCOUNT>): Account {
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

const selectDisplayName = statement(
  'people.account.name',
  { display_name: 'text' },
  'select display_name from account where account_id = $1',
);

/** Returns an account's display name; `undefined` if there is no such account. */
export async function findDisplayName(db: Executor, accountId: AccountId): Promise<string | undefined> {
  return (await db.query(selectDisplayName, [accountId]))[0]?.display_name;
}
