import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { AccountId, ClientId, PracticeId, RecordId } from '../kernel/index.ts';
import {
  type AccessLogEntry,
  type AccessLogReader,
  AFTER_POSITION,
  IN_PERIOD,
  isDisplayed,
  MAY_OPEN_RECORD,
} from './access-log-query.ts';

/**
 * A made-up read of a sandbox patient's record. It looks like an audit event but is none: the audit log contains only
 * what happened. Only users of shared sandbox accounts see it, marked as made up.
 */
export interface MadeUpRead {
  readonly id: string;
  readonly recordId: RecordId;
  readonly at: Date;
  readonly kind: 'read' | 'search' | 'document';
  readonly outcome: 'success' | 'failure';
  /** Account that used the app; undefined for a backend app. */
  readonly accountId: AccountId | undefined;
  readonly clientId: string;
  readonly app: string;
  /** The person who used the app; undefined for a backend app. */
  readonly person: string | undefined;
  readonly personKind: 'patient' | 'staff' | undefined;
  readonly type: string;
  readonly resources: number;
}

const COLUMNS = {
  at: 'timestamptz',
  id: 'uuid',
  kind: 'text',
  outcome: 'text',
  account_id: 'uuid?',
  client_id: 'text',
  app: 'text',
  person: 'text?',
  person_kind: 'text?',
  type: 'text?',
  resources: 'int4?',
} as const;

/** Made-up reads have no token family. They belong to every user of a shared account, who has a list of families. */
const SHARED_ACCOUNT = '$8::text[] is not null';
const pageStatement = statement(
  'audit.made-up.page',
  COLUMNS,
  `select e.at, e.id, e.kind, e.outcome, e.account_id, e.client_id, e.app, e.person, e.person_kind, e.type, e.resources
   from made_up_read e
   where e.record_id = $2 and ${IN_PERIOD} and ${isDisplayed(SHARED_ACCOUNT)} and ${AFTER_POSITION}
   order by e.at desc, e.id desc limit $12`,
);
const countStatement = statement(
  'audit.made-up.count',
  { reads: 'int8' },
  `select count(*) as reads from made_up_read e where e.record_id = $2 and ${IN_PERIOD} and ${isDisplayed(SHARED_ACCOUNT)}`,
);
const readersStatement = statement(
  'audit.made-up.readers',
  { client_id: 'text', app: 'text' },
  `select distinct e.client_id, e.app from made_up_read e where e.record_id = $2 and ${MAY_OPEN_RECORD}`,
);
const appsStatement = statement(
  'audit.made-up.apps',
  { client_id: 'text', app: 'text' },
  `select distinct e.client_id, e.app from made_up_read e join record r on r.record_id = e.record_id
   where r.practice_id = $1`,
);
const deleteOthers = statement('audit.made-up.delete', {}, 'delete from made_up_read where id <> all($1::uuid[])');
/** Inserts reads of records at sandbox practices only, whatever the caller passes. */
const insert = statement(
  'audit.made-up.insert',
  {},
  `insert into made_up_read (id, record_id, at, kind, outcome, account_id, client_id, app, person, person_kind, type, resources)
   select e.* from json_to_recordset($1) as e (id uuid, record_id int8, at timestamptz, kind text, outcome text,
     account_id uuid, client_id text, app text, person text, person_kind text, type text, resources int4)
   join record r on r.record_id = e.record_id
   join practice p on p.practice_id = r.practice_id and p.kind = 'sandbox'
   on conflict (id) do nothing`,
);

/**
 * SQL of successful made-up reads by the columns of audit events that reports use. Statements join it with the records
 * of a sandbox practice.
 */
export const MADE_UP_READS_SQL = `(
       select record_id, client_id, account_id, app, type, resources, at from made_up_read where outcome = 'success')`;

/**
 * Lists made-up reads for an access log, newest first.
 * @param values values of the access log's filter, the position before the page and the number of entries
 */
export const listMadeUpReads = async (db: Executor, values: readonly unknown[]): Promise<readonly AccessLogEntry[]> =>
  (await db.query(pageStatement, values)).map(toEntry);

export const countMadeUpReads = async (db: Executor, values: readonly unknown[]): Promise<number> =>
  (await db.query(countStatement, values))[0]?.reads ?? 0;

/** Lists the apps of the made-up reads of a record. */
export const listMadeUpReaders = async (
  db: Executor,
  { accountId, recordId }: AccessLogReader,
): Promise<readonly { readonly clientId: ClientId; readonly app: string }[]> =>
  (await db.query(readersStatement, [accountId, recordId])).map(toApp);

/** Lists the apps of the made-up reads at a practice. */
export const listMadeUpApps = async (
  db: Executor,
  practiceId: PracticeId,
): Promise<readonly { readonly clientId: ClientId; readonly app: string }[]> =>
  (await db.query(appsStatement, [practiceId])).map(toApp);

/** Replaces all made-up reads. Those that stay the same, by id, aren't written again. */
export async function replaceMadeUpReads(tx: Executor, reads: readonly MadeUpRead[]): Promise<void> {
  await tx.query(deleteOthers, [reads.map(({ id }) => id)]);
  const rows = reads.map(({ recordId, accountId, clientId, personKind, ...read }) => ({
    ...read,
    record_id: recordId,
    account_id: accountId,
    client_id: clientId,
    person_kind: personKind,
  }));
  if (rows.length > 0) await tx.query(insert, [JSON.stringify(rows)]);
}

const toApp = (row: { readonly client_id: string; readonly app: string }) => ({
  clientId: row.client_id as ClientId,
  app: row.app,
});

const toEntry = (row: RowOf<typeof COLUMNS>): AccessLogEntry => ({
  at: row.at,
  id: row.id,
  kind: row.kind as AccessLogEntry['kind'],
  outcome: row.outcome as AccessLogEntry['outcome'],
  requestId: undefined,
  accountId: (row.account_id ?? undefined) as AccountId | undefined,
  clientId: row.client_id as ClientId,
  grantId: undefined,
  type: row.type ?? undefined,
  resources: row.resources ?? undefined,
  detail: {},
  app: row.app,
  person: row.person ?? undefined,
  personKind: (row.person_kind ?? undefined) as AccessLogEntry['personKind'],
  madeUp: true,
});
