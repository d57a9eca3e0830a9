import type { AccessLogReader } from '../../audit/index.ts';
import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { ClientId, GrantId } from '../../kernel/index.ts';
import { displayAppName } from '../../oauth/index.ts';

const COLUMNS = {
  grant_id: 'uuid',
  client_id: 'text',
  app: 'text',
  registration_hash: 'bytea?',
  app_state: 'text',
  developer: 'text?',
  verified_at: 'timestamptz?',
  metadata: 'jsonb',
  granted_at: 'timestamptz',
  revoked_at: 'timestamptz?',
  ended_by: 'text?',
  family_ends: 'timestamptz?',
  family_revoked_at: 'timestamptz?',
  revoked_for: 'text?',
} as const;
/**
 * Selects the connections of an account to a record. If $3 is set, for a shared sandbox account, grants without a
 * consent from that browser are left out.
 */
const SELECT = `select g.grant_id, g.client_id, a.name as app, a.registration_hash, a.state as app_state, m.developer, m.verified_at, a.metadata,
     case when $3::bytea is null then g.granted_at else last.created_at end as granted_at,
     g.revoked_at, g.ended_by, last.expires_at as family_ends, last.revoked_at as family_revoked_at, last.revoked_for
   from consent_grant g
   join app a on a.client_id = g.client_id
   join app_maker m on m.client_id = g.client_id
   join representation h on h.account_id = g.account_id and h.record_id = g.record_id and h.ended_at is null
   left join lateral (
     select f.created_at, f.expires_at, f.revoked_at, f.revoked_for from token_family f
     where f.grant_id = g.grant_id and ($3::bytea is null or f.browser = $3)
     order by f.created_at desc limit 1) last on true
   where g.account_id = $1 and g.record_id = $2 and g.subject = 'record'
     and ($3::bytea is null or last.created_at is not null)`;
const listStatement = statement(
  'account.grants.list',
  COLUMNS,
  `${SELECT} order by g.granted_at desc, g.grant_id limit 500`,
);
const findStatement = statement('account.grants.one', COLUMNS, `${SELECT} and g.grant_id = $4`);
const lockStatement = statement(
  'account.grants.lock',
  { grant_id: 'uuid' },
  `select g.grant_id from consent_grant g
   join representation h on h.account_id = g.account_id and h.record_id = g.record_id and h.ended_at is null
   where g.account_id = $1 and g.record_id = $2 and g.grant_id = $3 and g.subject = 'record' and g.revoked_at is null
   for update of g`,
);
const otherConnectionsStatement = statement(
  'account.grants.elsewhere',
  { grant_id: 'uuid', mine: 'bool', practice_id: 'int4', patient_id: 'uuid', person: 'text', practice: 'text' },
  `select g.grant_id, g.account_id = $1 as mine, r.practice_id, r.patient_id, d.name as person, p.name as practice
   from consent_grant g
   join record r on r.record_id = g.record_id and r.state = 'active'
   join practice p on p.practice_id = r.practice_id
   join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
   where g.client_id = $3 and g.subject = 'record' and g.revoked_at is null
     and (g.account_id = $1) <> (g.record_id = $2)
     and exists (select from representation h where h.account_id = $1 and h.record_id = r.record_id and h.ended_at is null)
   order by d.name, p.name`,
);
const browserFamiliesStatement = statement(
  'account.families.of-browser',
  { family_id: 'text' },
  `select f.family_id from token_family f
   join consent_grant g on g.grant_id = f.grant_id
   where g.account_id = $1 and g.record_id = $2 and ($3::bytea is null or f.browser = $3)`,
);

export type ConnectionRow = Omit<RowOf<typeof COLUMNS>, 'grant_id' | 'client_id'> & {
  readonly grant_id: GrantId;
  readonly client_id: ClientId;
};

/** The account and record whose connections are shown, and the browser to which a shared sandbox account is limited. */
export interface ConnectionViewer {
  readonly accountRecord: AccessLogReader;
  readonly browser: Buffer | undefined;
}

/** Converts a row of the query. An app that registered itself is shown with the name it chose, in quotation marks. */
const toConnectionRow = (row: RowOf<typeof COLUMNS>): ConnectionRow => ({
  ...row,
  grant_id: row.grant_id as GrantId,
  client_id: row.client_id as ClientId,
  app: displayAppName({ name: row.app, registrationHash: row.registration_hash ?? undefined }),
});

const viewerParams = ({ accountRecord, browser }: ConnectionViewer): readonly unknown[] => [
  accountRecord.accountId,
  accountRecord.recordId,
  browser ?? null,
];

/** Lists the apps that the account connected to the record, newest connection first. */
export const listConnectionRows = async (db: Executor, viewer: ConnectionViewer): Promise<readonly ConnectionRow[]> =>
  (await db.query(listStatement, viewerParams(viewer))).map(toConnectionRow);

/**
 * Finds one connection of the account to the record.
 * @param grantId a UUID
 */
export async function findConnectionRow(
  db: Executor,
  viewer: ConnectionViewer,
  grantId: string,
): Promise<ConnectionRow | undefined> {
  const [row] = await db.query(findStatement, [...viewerParams(viewer), grantId]);
  return row === undefined ? undefined : toConnectionRow(row);
}

/**
 * Locks the grant until the transaction ends, so that no other request ends it meanwhile.
 * @returns false if the grant is no longer active
 */
export async function lockConnection(
  tx: Executor,
  { accountId, recordId }: AccessLogReader,
  grantId: string,
): Promise<boolean> {
  return (await tx.query(lockStatement, [accountId, recordId, grantId])).length > 0;
}

/**
 * Another connection of the same app: one of this account to another record (`mine`), or one of another account to this
 * record.
 */
export interface OtherConnection {
  readonly grantId: GrantId;
  readonly mine: boolean;
  readonly recordKey: string;
  readonly person: string;
  readonly practice: string;
}

export async function listOtherConnections(
  db: Executor,
  { accountId, recordId }: AccessLogReader,
  clientId: ClientId,
): Promise<readonly OtherConnection[]> {
  const rows = await db.query(otherConnectionsStatement, [accountId, recordId, clientId]);
  return rows.map((row) => ({
    grantId: row.grant_id as GrantId,
    mine: row.mine,
    recordKey: `${row.practice_id}-${row.patient_id}`,
    person: row.person,
    practice: row.practice,
  }));
}

/** Lists the account's token families that were started in a browser, or in any browser if it is undefined. */
export async function listOwnFamilies(
  db: Executor,
  { accountId, recordId }: AccessLogReader,
  browser: Buffer | undefined,
): Promise<readonly string[]> {
  const rows = await db.query(browserFamiliesStatement, [accountId, recordId, browser]);
  return rows.map(({ family_id }) => family_id);
}
