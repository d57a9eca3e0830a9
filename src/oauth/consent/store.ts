import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, ClientId, GrantId, RecordId } from '../../kernel/index.ts';

const lastChoice = statement(
  'oauth.consent.last-choice',
  { denied: '_text' },
  'select denied from consent_grant where record_id = $1 and account_id = $2 and client_id = $3',
);
const keep = statement(
  'oauth.consent.keep',
  { grant_id: 'uuid' },
  `insert into consent_grant (grant_id, account_id, client_id, record_id, denied, granted_at)
   values ($1, $2, $3, $4, $5, $6)
   on conflict (record_id, account_id, client_id)
   do update set denied = array(select unnest(consent_grant.denied) except select unnest($7::text[])) || excluded.denied,
     granted_at = excluded.granted_at, revoked_at = null
   returning grant_id`,
);

export interface ConsentKey {
  readonly accountId: AccountId;
  readonly clientId: ClientId;
  readonly recordId: RecordId;
}

/** The types that were refused the last time this person was asked by this app about this record. */
export async function lastDenied(db: Executor, key: ConsentKey): Promise<readonly string[]> {
  const [row] = await db.query(lastChoice, [key.recordId, key.accountId, key.clientId]);
  return row?.denied ?? [];
}

/**
 * Keeps the choice: what was not asked about this time stays as it was chosen last. There is one grant for each person, app and record, and the last choice holds for every token of
 * it. What was denied now is taken from older tokens too; what was allowed now never widens them.
 */
export async function keepConsent(
  tx: Executor,
  key: ConsentKey,
  choice: { grantId: string; shown: readonly string[]; denied: readonly string[]; now: Date },
): Promise<GrantId> {
  const { accountId, clientId, recordId } = key;
  const [row] = await tx.query(keep, [
    choice.grantId,
    accountId,
    clientId,
    recordId,
    choice.denied,
    choice.now,
    choice.shown,
  ]);
  if (row === undefined) throw new Error('an upsert answered with no row');
  return row.grant_id as GrantId;
}
