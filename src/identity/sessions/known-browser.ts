import { deleteInBatches, type Executor, ROWS_PER_DELETE, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';

const upsertBrowser = statement(
  'people.known-browser.meet',
  { known: 'bool', elsewhere: 'bool' },
  `with before as (
     select coalesce(bool_or(browser = $2), false) as known, count(*) filter (where browser <> $2) > 0 as elsewhere
     from known_browser where account_id = $1),
   kept as (
     insert into known_browser (account_id, browser, seen_at) values ($1, $2, $3)
     on conflict (account_id, browser) do update set seen_at = excluded.seen_at)
   select known, elsewhere from before`,
);
const deleteBrowsers = statement('people.known-browser.forget', {}, 'delete from known_browser where account_id = $1');
const purge = statement(
  'people.known-browser.sweep',
  { deleted: 'int4' },
  `with gone as (
     delete from known_browser where seen_at < $1 and (account_id, browser) in (
       select account_id, browser from known_browser where seen_at < $1 limit ${ROWS_PER_DELETE})
     returning 1)
   select count(*)::int4 as deleted from gone`,
);

/**
 * Records that an account signed in from this browser.
 * @returns true if the account has never signed in from this browser but has from another one; the account's owner
 * should then be informed
 */
export async function rememberBrowser(
  tx: Executor,
  accountId: AccountId,
  browser: Buffer,
  now: Date,
): Promise<boolean> {
  const [row] = await tx.query(upsertBrowser, [accountId, browser, now]);
  return row?.known === false && row.elsewhere;
}

export async function forgetKnownBrowsers(tx: Executor, accountId: AccountId): Promise<void> {
  await tx.query(deleteBrowsers, [accountId]);
}

/** Deletes known browsers from which the last sign-in was before the given time. */
export async function purgeKnownBrowsers(db: Executor, before: Date): Promise<void> {
  await deleteInBatches(db, purge, [before]);
}
