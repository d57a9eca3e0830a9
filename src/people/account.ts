import { type Executor, statement } from '../database/index.ts';
import {
  type AccountId,
  type Clock,
  OperatorFault,
  type PracticeId,
  type Random,
  type RecordId,
} from '../kernel/index.ts';
import { hashPassword } from './password.ts';

export type AccountKind = 'patient' | 'staff';

export interface Account {
  readonly accountId: AccountId;
  /** Patients and those who act for them, or people who work at a practice. Nobody is both in one account. */
  readonly kind: AccountKind;
  readonly displayName: string;
  readonly passwordHash: string;
  /** Sandbox credentials that everyone may know. */
  readonly published: boolean;
  /** Since when the practice has it locked: nobody signs in, and what was signed in is over. */
  readonly lockedAt: Date | null;
}

const insertAccount = statement(
  'people.account.insert',
  { account_id: 'uuid' },
  `insert into account (account_id, username, display_name, password_hash, published, kind, created_at)
   values ($1, $2, $3, $4, $5, $6, $7) on conflict (username) do nothing returning account_id`,
);
const insertOwn = statement(
  'people.account.insert-own-record',
  {},
  "insert into representation (account_id, record_id, relationship) values ($1, $2, 'self') on conflict do nothing",
);
const insertStaff = statement(
  'people.staff.insert',
  {},
  'insert into staff (account_id, practice_id, practitioner_id) values ($1, $2, $3)',
);
const byUsername = statement(
  'people.account.by-username',
  {
    account_id: 'uuid',
    kind: 'text',
    display_name: 'text',
    password_hash: 'text',
    published: 'bool',
    locked_at: 'timestamptz?',
  },
  'select account_id, kind, display_name, password_hash, published, locked_at from account where username = $1',
);

/** What people type is not what is kept: case and surrounding space don't matter. */
export const foldUsername = (username: string): string => username.normalize('NFKC').trim().toLowerCase();

const POSSIBLE_USERNAME = /^[\p{L}\p{N}._@+-]{3,100}$/u;

/** As it is kept; throws an `OperatorFault` when it can't be one. */
export function requireUsername(text: string): string {
  const username = foldUsername(text);
  if (POSSIBLE_USERNAME.test(username)) return username;
  throw new OperatorFault(`"${text}" can't be a username: 3 to 100 letters, digits or . _ @ + - are allowed.`);
}

export interface NewAccount {
  readonly username: string;
  readonly password: string;
  readonly displayName: string;
  /** Sandbox credentials that everyone may know. */
  readonly published: boolean;
}

type Deps = { readonly clock: Clock; readonly random: Random };

/** An account for a patient's own record. Undefined when the username is taken. */
export async function addAccount(
  tx: Executor,
  deps: Deps,
  wanted: NewAccount & { readonly recordId: RecordId },
): Promise<AccountId | undefined> {
  const accountId = await insert(tx, deps, 'patient', wanted);
  if (accountId !== undefined) await tx.query(insertOwn, [accountId, wanted.recordId]);
  return accountId;
}

/** An account for someone who only acts for others. Undefined when the username is taken. */
export const addRepresentative = (tx: Executor, deps: Deps, wanted: NewAccount): Promise<AccountId | undefined> =>
  insert(tx, deps, 'patient', wanted);

/** Where a member of staff works, and as whom: a Practitioner of that practice's directory. */
export interface Employment {
  readonly practiceId: PracticeId;
  readonly practitionerId: string;
}

/** An account for a member of staff. Undefined when the username is taken. */
export async function addStaff(
  tx: Executor,
  deps: Deps,
  wanted: NewAccount & { readonly practices: readonly Employment[] },
): Promise<AccountId | undefined> {
  const accountId = await insert(tx, deps, 'staff', wanted);
  if (accountId === undefined) return undefined;
  for (const { practiceId, practitionerId } of wanted.practices)
    await tx.query(insertStaff, [accountId, practiceId, practitionerId]);
  return accountId;
}

async function insert(tx: Executor, deps: Deps, kind: AccountKind, wanted: NewAccount): Promise<AccountId | undefined> {
  const username = requireUsername(wanted.username);
  const passwordHash = await hashPassword(wanted.password);
  const { displayName, published } = wanted;
  const values = [deps.random.uuid(), username, displayName, passwordHash, published, kind, deps.clock.now()];
  const [row] = await tx.query(insertAccount, values);
  return row?.account_id as AccountId | undefined;
}

export async function findAccount(db: Executor, username: string): Promise<Account | undefined> {
  const folded = foldUsername(username);
  const [row] = POSSIBLE_USERNAME.test(folded) ? await db.query(byUsername, [folded]) : [];
  if (row === undefined) return undefined;
  return {
    accountId: row.account_id as AccountId,
    kind: row.kind as AccountKind,
    displayName: row.display_name,
    passwordHash: row.password_hash,
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
