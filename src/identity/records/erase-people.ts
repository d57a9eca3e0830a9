import { type Executor, type SqlStatement, statement } from '../../database/index.ts';
import type { AccountId, RecordId } from '../../kernel/index.ts';

/**
 * Lists the accounts that can or could open the records, and locks them. `only`: the account was for these records
 * alone, so it goes with them. Any other account belongs to a person who has more than these records here.
 */
const selectAccounts = statement(
  'people.erase.accounts',
  { account_id: 'uuid', only: 'bool', email: 'text?', unconfirmed_email: 'text?' },
  `select a.account_id, a.email, a.unconfirmed_email,
     a.kind = 'patient' and not a.published and not a.administrator
       and not exists (select from staff s where s.account_id = a.account_id)
       and not exists (select from representation o where o.account_id = a.account_id
         and o.record_id <> all($1::int8[])) as only
   from account a
   where exists (select from representation t where t.account_id = a.account_id and t.record_id = any($1::int8[]))
   order by a.account_id for update of a`,
);
const deleteRepresentations = statement(
  'people.erase.representation',
  { account_id: 'uuid' },
  'delete from representation where record_id = any($1::int8[]) returning account_id',
);
const DELETED = { account_id: 'uuid' } as const;
const DELETIONS: Readonly<Record<string, SqlStatement<{ account_id: string }>>> = {
  session: statement(
    'people.erase.session',
    DELETED,
    'delete from session where account_id = any($1::uuid[]) returning account_id',
  ),
  passkey: statement(
    'people.erase.passkey',
    DELETED,
    'delete from passkey where account_id = any($1::uuid[]) returning account_id',
  ),
  totp: statement(
    'people.erase.totp',
    DELETED,
    'delete from totp where account_id = any($1::uuid[]) returning account_id',
  ),
  recovery_code: statement(
    'people.erase.recovery_code',
    DELETED,
    'delete from recovery_code where account_id = any($1::uuid[]) returning account_id',
  ),
  account_link: statement(
    'people.erase.account_link',
    DELETED,
    'delete from account_link where account_id = any($1::uuid[]) returning account_id',
  ),
  known_browser: statement(
    'people.erase.known_browser',
    DELETED,
    'delete from known_browser where account_id = any($1::uuid[]) returning account_id',
  ),
  account: statement(
    'people.erase.account',
    DELETED,
    'delete from account where account_id = any($1::uuid[]) returning account_id',
  ),
};
const deleteChallenges = statement(
  'people.erase.passkey_challenge',
  {},
  'delete from passkey_challenge where account_id = any($1::uuid[])',
);

export interface ErasedPeople {
  /** Accounts to delete: they were for these records alone. */
  readonly erased: readonly AccountId[];
  /** Email addresses of these accounts. */
  readonly erasedAddresses: readonly string[];
  /** Email addresses of people who could open the records and whose accounts stay. */
  readonly otherAddresses: readonly string[];
}

/** Lists the people who can or could open records, and locks their accounts until the transaction ends. */
export async function lockPeopleToErase(tx: Executor, recordIds: readonly RecordId[]): Promise<ErasedPeople> {
  const rows = await tx.query(selectAccounts, [recordIds]);
  const addressesOf = (only: boolean) =>
    rows
      .filter((row) => row.only === only)
      .flatMap(({ email, unconfirmed_email }) => [email, unconfirmed_email].filter((address) => address !== null));
  return {
    erased: rows.filter(({ only }) => only).map(({ account_id }) => account_id as AccountId),
    erasedAddresses: addressesOf(true),
    otherAddresses: addressesOf(false),
  };
}

/**
 * Deletes accounts with all ways to sign in, and the access of all other accounts to the records.
 * @returns numbers of removed rows by table
 */
export async function erasePeople(
  tx: Executor,
  recordIds: readonly RecordId[],
  { erased }: ErasedPeople,
): Promise<Readonly<Record<string, number>>> {
  const removed: Record<string, number> = {
    representation: (await tx.query(deleteRepresentations, [recordIds])).length,
  };
  await tx.query(deleteChallenges, [erased]);
  for (const [table, deletion] of Object.entries(DELETIONS))
    removed[table] = (await tx.query(deletion, [erased])).length;
  return removed;
}
