import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { Language } from '../../i18n/index.ts';
import type { AccountId } from '../../kernel/index.ts';

/** An administrator of the installation. */
export interface Administrator {
  readonly accountId: AccountId;
  readonly username: string;
  readonly displayName: string;
  readonly lockedAt: Date | undefined;
  /** Email address that the person has confirmed. */
  readonly email: string | undefined;
  readonly language: Language;
}

const ADMINISTRATOR_COLUMNS = {
  account_id: 'uuid',
  username: 'text',
  display_name: 'text',
  locked_at: 'timestamptz?',
  email: 'text?',
  language: 'text',
} as const;
const COLUMN_NAMES = Object.keys(ADMINISTRATOR_COLUMNS).join(', ');
const listStatement = statement(
  'desk.administrators',
  ADMINISTRATOR_COLUMNS,
  `select ${COLUMN_NAMES} from account where administrator and closed_at is null
   order by display_name, username`,
);
const appointStatement = statement(
  'desk.administrator.appoint',
  {},
  `update account set administrator = true where account_id = $1 and kind = 'staff' and not published`,
);
/**
 * Locks the rows of all administrators, so that if two administrators remove each other at the same time, the second
 * removal waits for the first and is then rejected. The lock lets other transactions insert rows that reference an
 * administrator.
 */
const lockAllStatement = statement(
  'desk.administrators.lock',
  ADMINISTRATOR_COLUMNS,
  `select ${COLUMN_NAMES} from account where administrator and closed_at is null
   order by account_id for no key update`,
);
const dismissStatement = statement(
  'desk.administrator.dismiss',
  {},
  'update account set administrator = false where account_id = $1',
);

/** Lists the administrators of the installation, sorted by name. */
export async function listAdministrators(db: Executor): Promise<readonly Administrator[]> {
  return (await db.query(listStatement)).map(toAdministrator);
}

/**
 * Makes a staff account an administrator of the installation. Does nothing for other kinds of account and for shared
 * sandbox accounts.
 */
export async function appointAdministrator(tx: Executor, accountId: AccountId): Promise<void> {
  await tx.query(appointStatement, [accountId]);
}

/** Locks the accounts of all administrators until the transaction ends, and returns them. */
export const lockAdministrators = async (tx: Executor): Promise<readonly Administrator[]> =>
  (await tx.query(lockAllStatement)).map(toAdministrator);

/**
 * Removes an administrator if another administrator can still sign in.
 * @param actorId administrator who removes the account from the administrators
 * @returns `last` if no other administrator can sign in; `none` if one of the two accounts is no longer an
 * administrator
 */
export async function removeAdministrator(
  tx: Executor,
  actorId: AccountId,
  accountId: AccountId,
): Promise<'done' | 'last' | 'none'> {
  const all = await lockAdministrators(tx);
  if (![actorId, accountId].every((id) => all.some((one) => one.accountId === id))) return 'none';
  if (!all.some((one) => one.accountId !== accountId && one.lockedAt === undefined)) return 'last';
  await tx.query(dismissStatement, [accountId]);
  return 'done';
}

const toAdministrator = (row: RowOf<typeof ADMINISTRATOR_COLUMNS>): Administrator => ({
  accountId: row.account_id as AccountId,
  username: row.username,
  displayName: row.display_name,
  lockedAt: row.locked_at ?? undefined,
  email: row.email ?? undefined,
  language: row.language as Language,
});
