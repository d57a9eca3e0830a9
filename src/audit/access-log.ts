import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { AccountId, ClientId, GrantId, RecordId } from '../kernel/index.ts';
import type { AuditKind } from './event.ts';

/**
 * A patient record, and the account that reads the record's access log. Queries return nothing unless the account may
 * open the record.
 */
export interface AccessLogReader {
  readonly accountId: AccountId;
  readonly recordId: RecordId;
}

/**
 * Ids of token families; all tokens of one consent are a family. They are the consents that a user of a shared sandbox
 * account gave in their own browser. The access log shows such a user only the reads with tokens of these families.
 */
export type VisibleFamilyIds = readonly string[];

export interface AccessLogFilter {
  /** Filters by app: a client_id, or `WITHOUT_APP` for people who read without an app. Undefined includes both. */
  readonly app?: string | undefined;
  /** Filters by resource type. The list contains the type's name in every FHIR version. */
  readonly types?: readonly string[] | undefined;
  /** First and last day of the log, as ISO 8601 dates in the time zone `zone`. Both days are included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** IANA name of the time zone for the first and last day. */
  readonly zone: string;
  /** Restricts the log to entries of the given token families. Undefined includes all entries. */
  readonly visibleFamilies?: VisibleFamilyIds | undefined;
  /**
   * If true, the log contains only successful reads through apps: no rejected requests and no views in the account
   * pages.
   */
  readonly readsOnly?: boolean;
}

/** Filter value for log entries of people who read without an app. */
export const WITHOUT_APP = '-';

/** Position of the last entry of a page, for keyset pagination. */
export interface AuditLogPosition {
  readonly at: Date;
  readonly id: string;
}

/** One successful or rejected read of the record, through an app or in the account pages. */
export interface AccessLogEntry extends AuditLogPosition {
  readonly kind: AuditKind;
  readonly outcome: 'success' | 'failure';
  readonly requestId: string | undefined;
  readonly accountId: AccountId | undefined;
  readonly clientId: ClientId | undefined;
  readonly grantId: GrantId | undefined;
  /** Resource type as the FHIR version of the request names it. */
  readonly type: string | undefined;
  readonly resources: number | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly app: string | undefined;
  readonly person: string | undefined;
  readonly personKind: 'patient' | 'staff' | undefined;
}

/**
 * SQL array of the kinds of audit events that the access log shows to a patient. The log shows events of these kinds
 * whether the request succeeded or was rejected.
 */
const DISPLAYED_KINDS = "array['read', 'search', 'document', 'export', 'record-view']";
const READ_KINDS = "array['read', 'search', 'document', 'export']";
const MAY_OPEN_RECORD =
  'exists (select from representation h where h.account_id = $1 and h.record_id = $2 and h.ended_at is null)';

const ENTRY_COLUMNS = {
  at: 'timestamptz',
  id: 'uuid',
  kind: 'text',
  outcome: 'text',
  request_id: 'text?',
  account_id: 'uuid?',
  client_id: 'text?',
  grant_id: 'uuid?',
  type: 'text?',
  resources: 'int4?',
  detail: 'jsonb?',
  app: 'text?',
  person: 'text?',
  person_kind: 'text?',
} as const;
/**
 * SQL condition for a record into which no other record was merged, which is the usual case. With it, PostgreSQL reads
 * the newest events in the order of the index.
 */
const SINGLE_RECORD = 'e.record_id = $2';
/**
 * SQL condition that includes the events of records that were merged into the patient's record, so that the log keeps
 * the history of those records.
 */
const MERGED_RECORDS = `e.record_id in (
     with recursive part as (
       select $2::int8 as record_id union select r.record_id from part p join record r on r.merged_into = p.record_id)
     select record_id from part)`;
const matchesFilter = (
  records: string,
): string => `${records} and ${MAY_OPEN_RECORD} and e.kind = any(${DISPLAYED_KINDS}) and (not $9::bool or (e.kind <> 'record-view' and e.outcome = 'success'))
     and ($3::text is null or e.client_id = $3 or ($3 = '${WITHOUT_APP}' and e.client_id is null))
     and ($4::text[] is null or e.type = any($4))
     and e.at >= coalesce($5::date::timestamp at time zone $7, '-infinity')
     and e.at < coalesce(($6::date + 1)::timestamp at time zone $7, 'infinity')
     and ($8::text[] is null or e.family_id = any($8))`;
/**
 * Selects a page of the access log. The inner query applies the limit, so that names are looked up only for the entries
 * of the page.
 */
const pageStatement = (name: string, records: string) =>
  statement(
    `audit.reads.page${name}`,
    ENTRY_COLUMNS,
    `select e.at, e.id, e.kind, e.outcome, e.request_id, e.account_id, e.client_id, e.grant_id, e.type, e.resources,
     e.detail, a.name as app, u.display_name as person, u.kind as person_kind
   from (
     select e.* from audit_event e
     where ${matchesFilter(records)} and (e.at, e.id) < ($10::timestamptz, $11::uuid)
     order by e.at desc, e.id desc limit $12) e
   left join app a on a.client_id = e.client_id
   left join account u on u.account_id = e.account_id
   order by e.at desc, e.id desc`,
  );
const countStatement = (name: string, records: string) =>
  statement(
    `audit.reads.count${name}`,
    { reads: 'int8' },
    `select count(*) as reads from audit_event e where ${matchesFilter(records)}`,
  );
const readersStatement = (name: string, records: string) =>
  statement(
    `audit.reads.readers${name}`,
    { client_id: 'text', app: 'text' },
    `select a.client_id, a.name as app
   from (
     select distinct e.client_id from audit_event e
     where ${records} and ${MAY_OPEN_RECORD} and e.kind = any(${READ_KINDS})
       and ($3::text[] is null or e.family_id = any($3))) e
   join app a on a.client_id = e.client_id order by a.name, a.client_id`,
  );
const statementsFor = (name: string, records: string) => ({
  page: pageStatement(name, records),
  count: countStatement(name, records),
  readers: readersStatement(name, records),
});
const SINGLE_RECORD_STATEMENTS = statementsFor('', SINGLE_RECORD);
const MERGED_RECORD_STATEMENTS = statementsFor('-with-merged', MERGED_RECORDS);
const hasMerged = statement(
  'audit.reads.has-merged',
  { merged: 'bool' },
  'select exists (select from record where merged_into = $1) as merged',
);
const selectStatements = async (
  db: Executor,
  { recordId }: AccessLogReader,
): Promise<typeof SINGLE_RECORD_STATEMENTS> =>
  (await db.query(hasMerged, [recordId]))[0]?.merged === true ? MERGED_RECORD_STATEMENTS : SINGLE_RECORD_STATEMENTS;
const usageStatement = statement(
  'audit.reads.usage',
  { grant_id: 'uuid', reads: 'int8', last_at: 'timestamptz' },
  `select e.grant_id, count(*) as reads, max(e.at) as last_at
   from audit_event e
   where e.record_id = $2 and ${MAY_OPEN_RECORD} and e.kind = any(${READ_KINDS}) and e.outcome = 'success'
     and e.grant_id = any($3::uuid[]) and ($4::text[] is null or e.family_id = any($4))
   group by e.grant_id`,
);

/** Position before the first page. Entries come newest first, so it is later than every entry. */
export const FIRST_PAGE: readonly unknown[] = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

/** Returns one page of the access log of a record, newest first. */
export async function listAccessLog(
  db: Executor,
  reader: AccessLogReader,
  filter: AccessLogFilter,
  { after, limit }: { readonly after: AuditLogPosition | undefined; readonly limit: number },
): Promise<readonly AccessLogEntry[]> {
  const position = after === undefined ? FIRST_PAGE : [after.at, after.id];
  const { page } = await selectStatements(db, reader);
  return (await db.query(page, [...filterValues(reader, filter), ...position, limit])).map(toEntry);
}

/** Counts the log entries that match the filter, on all pages together. */
export async function countAccessLogEntries(
  db: Executor,
  reader: AccessLogReader,
  filter: AccessLogFilter,
): Promise<number> {
  const { count } = await selectStatements(db, reader);
  return (await db.query(count, filterValues(reader, filter)))[0]?.reads ?? 0;
}

/** Lists the apps that have read the record or tried to, sorted by name. */
export async function listReaderApps(
  db: Executor,
  reader: AccessLogReader,
  visibleFamilies: VisibleFamilyIds | undefined,
): Promise<readonly { readonly clientId: ClientId; readonly app: string }[]> {
  const { readers } = await selectStatements(db, reader);
  const rows = await db.query(readers, [reader.accountId, reader.recordId, visibleFamilies ?? null]);
  return rows.map(({ client_id, app }) => ({ clientId: client_id as ClientId, app }));
}

export interface GrantUsage {
  readonly reads: number;
  readonly last: Date;
}

/**
 * Counts the successful reads of the record with each of the given grants, and returns the time of the last read.
 * Grants without reads are missing from the map.
 */
export async function findGrantUsage(
  db: Executor,
  { accountId, recordId }: AccessLogReader,
  grants: readonly GrantId[],
  visibleFamilies: VisibleFamilyIds | undefined,
): Promise<ReadonlyMap<GrantId, GrantUsage>> {
  const rows = await db.query(usageStatement, [accountId, recordId, grants, visibleFamilies ?? null]);
  return new Map(rows.map((row) => [row.grant_id as GrantId, { reads: row.reads, last: row.last_at }]));
}

const filterValues = ({ accountId, recordId }: AccessLogReader, filter: AccessLogFilter): readonly unknown[] => {
  const { app = null, types = null, from = null, to = null, zone, visibleFamilies, readsOnly = false } = filter;
  return [accountId, recordId, app, types, from, to, zone, visibleFamilies ?? null, readsOnly];
};

const toEntry = (row: RowOf<typeof ENTRY_COLUMNS>): AccessLogEntry => ({
  at: row.at,
  id: row.id,
  kind: row.kind as AuditKind,
  outcome: row.outcome as AccessLogEntry['outcome'],
  requestId: row.request_id ?? undefined,
  accountId: (row.account_id ?? undefined) as AccountId | undefined,
  clientId: (row.client_id ?? undefined) as ClientId | undefined,
  grantId: (row.grant_id ?? undefined) as GrantId | undefined,
  type: row.type ?? undefined,
  resources: row.resources ?? undefined,
  detail: (row.detail ?? {}) as AccessLogEntry['detail'],
  app: row.app ?? undefined,
  person: row.person ?? undefined,
  personKind: (row.person_kind ?? undefined) as AccessLogEntry['personKind'],
});
