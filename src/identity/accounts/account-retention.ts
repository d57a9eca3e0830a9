import { type Database, type Executor, statement } from '../../database/index.ts';
import { type BackgroundWork, HOURLY } from '../../jobs/index.ts';
import type { AccountId } from '../../kernel/index.ts';

/** Accounts that one transaction deletes. */
const ACCOUNTS_AT_ONCE = 100;

const selectClosed = statement(
  'people.account.long-closed',
  { account_id: 'uuid' },
  `select account_id from account where closed_at < $1 order by closed_at limit ${ACCOUNTS_AT_ONCE}
   for update skip locked`,
);
const deleteRepresentations = statement(
  'people.account.forget-representations',
  {},
  'delete from representation where account_id = any($1::uuid[])',
);
const deleteAccounts = statement('people.account.forget', {}, 'delete from account where account_id = any($1::uuid[])');

export interface AccountRetentionDeps {
  readonly db: Database;
  /** Years for which the row of a closed account stays, as long as the audit log has events that refer to it. */
  readonly years: number;
  /** Deletes what other modules store about the accounts. */
  readonly forget: readonly ((tx: Executor, accountIds: readonly AccountId[]) => Promise<void>)[];
}

/**
 * Creates the task that deletes the rows of accounts that were closed years ago: until then, patients see in their
 * access log who read their record, and a practice can show what a person agreed to.
 */
export function createAccountRetention({ db, years, forget }: AccountRetentionDeps): BackgroundWork {
  const deleteSome = (before: Date): Promise<number> =>
    db.transaction(async (tx) => {
      const ids = (await tx.query(selectClosed, [before])).map(({ account_id }) => account_id as AccountId);
      if (ids.length === 0) return 0;
      for (const forgetElsewhere of forget) await forgetElsewhere(tx, ids);
      await tx.query(deleteRepresentations, [ids]);
      await tx.query(deleteAccounts, [ids]);
      return ids.length;
    });
  const run = async (now: Date): Promise<void> => {
    const before = new Date(now);
    before.setUTCFullYear(before.getUTCFullYear() - years);
    while ((await deleteSome(before)) === ACCOUNTS_AT_ONCE);
  };
  return { tasks: [{ name: 'purge-closed-accounts', cron: HOURLY, run }] };
}
