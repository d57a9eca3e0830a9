import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { AccountId, ClientId, GrantId } from '../kernel/index.ts';
import {
  type AccessLogEntry,
  type AccessLogFilter,
  type AccessLogReader,
  type AuditLogPosition,
  FIRST_PAGE,
  filterValues,
  hasMergedRecords,
  MAY_OPEN_RECORD,
  MERGED_RECORDS,
  matchesFilter,
  READ_KINDS,
  SINGLE_RECORD,
  type VisibleFamilyIds,
} from './access-log-query.ts';
import type { AuditKind } from './event.ts';
import { countMadeUpReads, listMadeUpReaders, listMadeUpReads } from './made-up-reads.ts';

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
const VISIBLE_FAMILIES = '($8::text[] is null or e.family_id = any($8))';
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
     select e.* from recorded_event e
     where ${matchesFilter(records, VISIBLE_FAMILIES)} and (e.at, e.id) < ($10::timestamptz, $11::uuid)
     order by e.at desc, e.id desc limit $12) e
   left join app a on a.client_id = e.client_id
   left join account u on u.account_id = e.account_id
   order by e.at desc, e.id desc`,
  );
const countStatement = (name: string, records: string) =>
  statement(
    `audit.reads.count${name}`,
    { reads: 'int8' },
    `select count(*) as reads from recorded_event e where ${matchesFilter(records, VISIBLE_FAMILIES)}`,
  );
const readersStatement = (name: string, records: string) =>
  statement(
    `audit.reads.readers${name}`,
    { client_id: 'text', app: 'text' },
    `select a.client_id, a.name as app
   from (
     select distinct e.client_id from recorded_event e
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
const selectStatements = async (
  db: Executor,
  { recordId }: AccessLogReader,
): Promise<typeof SINGLE_RECORD_STATEMENTS> =>
  (await hasMergedRecords(db, recordId)) ? MERGED_RECORD_STATEMENTS : SINGLE_RECORD_STATEMENTS;
const usageStatement = statement(
  'audit.reads.usage',
  { grant_id: 'uuid', reads: 'int8', last_at: 'timestamptz' },
  `select e.grant_id, count(*) as reads, max(e.at) as last_at
   from recorded_event e
   where e.record_id = $2 and ${MAY_OPEN_RECORD} and e.kind = any(${READ_KINDS}) and e.outcome = 'success'
     and e.grant_id = any($3::uuid[]) and ($4::text[] is null or e.family_id = any($4))
   group by e.grant_id`,
);

/** Returns one page of the access log of a record, newest first. */
export async function listAccessLog(
  db: Executor,
  reader: AccessLogReader,
  filter: AccessLogFilter,
  { after, limit }: { readonly after: AuditLogPosition | undefined; readonly limit: number },
): Promise<readonly AccessLogEntry[]> {
  const position = after === undefined ? FIRST_PAGE : [after.at, after.id];
  const { page } = await selectStatements(db, reader);
  const values = [...filterValues(reader, filter), ...position, limit];
  const entries = (await db.query(page, values)).map(toEntry);
  if (filter.visibleFamilies === undefined) return entries;
  return [...entries, ...(await listMadeUpReads(db, values))].sort(newestFirst).slice(0, limit);
}

const newestFirst = (one: AuditLogPosition, other: AuditLogPosition): number =>
  other.at.getTime() - one.at.getTime() || (one.id < other.id ? 1 : -1);

/** Counts the log entries that match the filter, on all pages together. */
export async function countAccessLogEntries(
  db: Executor,
  reader: AccessLogReader,
  filter: AccessLogFilter,
): Promise<number> {
  const { count } = await selectStatements(db, reader);
  const values = filterValues(reader, filter);
  const reads = (await db.query(count, values))[0]?.reads ?? 0;
  return filter.visibleFamilies === undefined ? reads : reads + (await countMadeUpReads(db, values));
}

/** Lists the apps that have read the record or tried to, sorted by name. */
export async function listReaderApps(
  db: Executor,
  reader: AccessLogReader,
  visibleFamilies: VisibleFamilyIds | undefined,
): Promise<readonly { readonly clientId: ClientId; readonly app: string }[]> {
  const { readers } = await selectStatements(db, reader);
  const rows = await db.query(readers, [reader.accountId, reader.recordId, visibleFamilies ?? null]);
  const apps = rows.map(({ client_id, app }) => ({ clientId: client_id as ClientId, app }));
  if (visibleFamilies === undefined) return apps;
  const known = new Set(apps.map(({ clientId }) => clientId));
  const madeUp = (await listMadeUpReaders(db, reader)).filter(({ clientId }) => !known.has(clientId));
  return [...apps, ...madeUp].sort((one, other) => one.app.localeCompare(other.app));
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
  madeUp: false,
});
