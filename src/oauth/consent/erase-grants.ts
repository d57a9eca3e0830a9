import { type Executor, type SqlStatement, statement } from '../../database/index.ts';
import type { AccountId, RecordId } from '../../kernel/index.ts';

const selectGrants = statement(
  'oauth.erase.grants',
  { grant_id: 'uuid' },
  `select grant_id from consent_grant where record_id = any($1::int8[]) or account_id = any($2::uuid[])`,
);
const selectFamilies = statement(
  'oauth.erase.families',
  { family_id: 'text' },
  `select f.family_id from token_family f where f.record_id = any($1::int8[]) or f.grant_id = any($2::uuid[])`,
);
const DONE = { done: 'int4' } as const;
const DELETIONS: Readonly<
  Record<string, { readonly by: 'families' | 'grants' | 'records'; readonly run: SqlStatement<{ done: number }> }>
> = {
  token: {
    by: 'families',
    run: statement(
      'oauth.erase.token',
      DONE,
      'delete from token where family_id = any($1::text[]) returning 1 as done',
    ),
  },
  token_family: {
    by: 'families',
    run: statement(
      'oauth.erase.token_family',
      DONE,
      'delete from token_family where family_id = any($1::text[]) returning 1 as done',
    ),
  },
  receipt: {
    by: 'grants',
    run: statement(
      'oauth.erase.receipt',
      DONE,
      'delete from receipt where grant_id = any($1::uuid[]) returning 1 as done',
    ),
  },
  consent_grant: {
    by: 'grants',
    run: statement(
      'oauth.erase.consent_grant',
      DONE,
      'delete from consent_grant where grant_id = any($1::uuid[]) returning 1 as done',
    ),
  },
  launch: {
    by: 'records',
    run: statement(
      'oauth.erase.launch',
      DONE,
      'delete from launch where record_id = any($1::int8[]) returning 1 as done',
    ),
  },
};

/**
 * Deletes the consents, receipts, tokens and launches of records and of accounts. Apps that staff opened for the records
 * lose their tokens for them.
 * @returns numbers of removed rows by table
 */
export async function eraseGrants(
  tx: Executor,
  recordIds: readonly RecordId[],
  accountIds: readonly AccountId[],
): Promise<Readonly<Record<string, number>>> {
  const grants = (await tx.query(selectGrants, [recordIds, accountIds])).map(({ grant_id }) => grant_id);
  const families = (await tx.query(selectFamilies, [recordIds, grants])).map(({ family_id }) => family_id);
  const values = { families, grants, records: recordIds };
  const removed: Record<string, number> = {};
  for (const [table, { by, run }] of Object.entries(DELETIONS))
    removed[table] = (await tx.query(run, [values[by]])).length;
  return removed;
}
