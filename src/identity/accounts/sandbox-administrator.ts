import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, Clock } from '../../kernel/index.ts';
import { type AccountCreationDeps, createStaffAccount } from './account.ts';

const appoint = statement(
  'people.sandbox-administrator.appoint',
  {},
  `update account set sandbox_administrator = true
   where account_id = $1 and published and not administrator and kind = 'staff'`,
);
/**
 * Adds a person who only appears in made-up data. The row is that of a closed account without a password, so no one can
 * sign in with it, and no list of accounts or recipients contains it.
 */
const insertPerson = statement(
  'people.made-up-person.insert',
  {},
  `insert into account (account_id, username, display_name, published, kind, created_at, closed_at, language)
   values ($1, 'made-up:' || $1::uuid, $2, true, $3, $4, $4, 'en') on conflict do nothing`,
);

/** Creates the shared sandbox account that reviews made-up apps. Does nothing if its username is taken. */
export async function createSandboxAdministrator(
  tx: Executor,
  deps: AccountCreationDeps,
  account: { readonly username: string; readonly password: string; readonly displayName: string },
): Promise<void> {
  const accountId = await createStaffAccount(tx, deps, { ...account, published: true, practices: [] });
  if (accountId !== undefined) await tx.query(appoint, [accountId]);
}

/** A developer or administrator whose name appears in made-up apps. */
export interface MadeUpPerson {
  readonly accountId: AccountId;
  readonly displayName: string;
  readonly kind: 'developer' | 'staff';
}

/** Adds the people of made-up data who are missing. They never sign in and get no email. */
export async function addMadeUpPeople(tx: Executor, clock: Clock, people: readonly MadeUpPerson[]): Promise<void> {
  for (const { accountId, displayName, kind } of people)
    await tx.query(insertPerson, [accountId, displayName, kind, clock.now()]);
}
