import { type Executor, statement } from '../database/index.ts';
import {
  type AccountId,
  type Clock,
  OperatorFault,
  type PatientId,
  type Random,
  type RecordId,
} from '../kernel/index.ts';
import { hashPassword } from './password.ts';

export interface Account {
  readonly accountId: AccountId;
  readonly displayName: string;
  readonly passwordHash: string;
  /** Sandbox credentials that everyone may know. */
  readonly published: boolean;
}

/** A record that an account may open. */
export interface HeldRecord {
  /** Tells the records of an account apart: two practices may know a person by one patient id. */
  readonly key: string;
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly practiceKind: 'sandbox' | 'live';
  readonly practiceName: string;
  readonly personName: string;
}

const insertAccount = statement(
  'people.account.insert',
  { account_id: 'uuid' },
  `insert into account (account_id, username, display_name, password_hash, published, created_at)
   values ($1, $2, $3, $4, $5, $6) on conflict (username) do nothing returning account_id`,
);
const insertRepresentation = statement(
  'people.representation.insert',
  {},
  'insert into representation (account_id, record_id, relationship) values ($1, $2, $3) on conflict do nothing',
);
const byUsername = statement(
  'people.account.by-username',
  { account_id: 'uuid', display_name: 'text', password_hash: 'text', published: 'bool' },
  'select account_id, display_name, password_hash, published from account where username = $1',
);
const recordsOf = statement(
  'people.records-of',
  {
    record_id: 'int8',
    patient_id: 'uuid',
    practice_id: 'int4',
    kind: 'text',
    practice_name: 'text',
    person_name: 'text',
  },
  `select r.record_id, r.patient_id, r.practice_id, p.kind, p.name as practice_name, d.name as person_name
   from representation a
   join record r on r.record_id = a.record_id and r.state = 'active'
   join practice p on p.practice_id = r.practice_id and p.enabled
   join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
   where a.account_id = $1 order by p.name, d.name, r.record_id`,
);

/** What people type is not what is kept: case and surrounding space don't matter. */
export const foldUsername = (username: string): string => username.normalize('NFKC').trim().toLowerCase();

const POSSIBLE_USERNAME = /^[\p{L}\p{N}._@+-]{3,100}$/u;

export interface NewAccount {
  readonly username: string;
  readonly password: string;
  readonly displayName: string;
  readonly recordId: RecordId;
  /** Sandbox credentials that everyone may know. */
  readonly published: boolean;
}

/** An account for a record. Undefined when the username is taken. */
export async function addAccount(
  tx: Executor,
  deps: { clock: Clock; random: Random },
  wanted: NewAccount,
): Promise<AccountId | undefined> {
  const username = foldUsername(wanted.username);
  if (!POSSIBLE_USERNAME.test(username)) {
    throw new OperatorFault(
      `"${wanted.username}" can't be a username: 3 to 100 letters, digits or . _ @ + - are allowed.`,
    );
  }
  const [row] = await tx.query(insertAccount, [
    deps.random.uuid(),
    username,
    wanted.displayName,
    await hashPassword(wanted.password),
    wanted.published,
    deps.clock.now(),
  ]);
  if (row === undefined) return undefined;
  await tx.query(insertRepresentation, [row.account_id, wanted.recordId, 'self']);
  return row.account_id as AccountId;
}

export async function findAccount(db: Executor, username: string): Promise<Account | undefined> {
  const folded = foldUsername(username);
  const [row] = POSSIBLE_USERNAME.test(folded) ? await db.query(byUsername, [folded]) : [];
  if (row === undefined) return undefined;
  return {
    accountId: row.account_id as AccountId,
    displayName: row.display_name,
    passwordHash: row.password_hash,
    published: row.published,
  };
}

/** Every record the account may open at practices that have their API on: its own, and those of people it represents. */
export async function recordsOfAccount(db: Executor, accountId: AccountId): Promise<readonly HeldRecord[]> {
  const rows = await db.query(recordsOf, [accountId]);
  return rows.map((row) => ({
    key: `${row.practice_id}-${row.patient_id}`,
    recordId: row.record_id as RecordId,
    patientId: row.patient_id as PatientId,
    practiceKind: row.kind as HeldRecord['practiceKind'],
    practiceName: row.practice_name,
    personName: row.person_name,
  }));
}
