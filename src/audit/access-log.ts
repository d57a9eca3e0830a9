import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { AccountId, ClientId, GrantId, RecordId } from '../kernel/index.ts';
import {
  type AccessLogEntry,
  type AccessLogFilter,
  type AccessLogReader,
  AFTER_POSITION,
  FIRST_PAGE,
  filterValues,
  forRecordEvents,
  IN_PERIOD,
  isDisplayed,
  MAY_OPEN_RECORD,
  READ_KINDS,
  type VisibleFamilyIds,
} from './access-log-query.ts';
import {
  type AuditLogPosition,
  boundedScanSql,
  type EventPage,
  MAX_SCANNED,
  plannedLimit,
  toEventPage,
  toPosition,
} from './bounded-scan.ts';
import { OWN_DETAIL_SQL, recordEventsSql } from './disclosed-records.ts';
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
const selectPage = forRecordEvents(({ name, events }) =>
  statement(
    `audit.reads.page${name}`,
    { ...ENTRY_COLUMNS, matches: 'bool', is_stop: 'bool' },
    `select e.at, e.id, e.kind, e.outcome, e.request_id, e.account_id, e.client_id, e.grant_id, e.type, e.resources,
     ${OWN_DETAIL_SQL} as detail, a.name as app, u.display_name as person, u.kind as person_kind, e.matches, e.is_stop
   from (${boundedScanSql(events(`${IN_PERIOD} and ${AFTER_POSITION}`), isDisplayed(VISIBLE_FAMILIES), { limit: '$12' })}) e
   left join app a on a.client_id = e.client_id
   left join account u on u.account_id = e.account_id
   order by e.at desc, e.id desc`,
  ),
);
const selectCount = forRecordEvents(({ name, events }) =>
  statement(
    `audit.reads.count${name}`,
    { reads: 'int8', events: 'int8' },
    `select count(*) filter (where ${isDisplayed(VISIBLE_FAMILIES)}) as reads, count(*) as events
   from (${events(IN_PERIOD)} limit ${MAX_SCANNED}) e`,
  ),
);
/** Selects the apps among the latest events of the record. */
const selectReaders = forRecordEvents(({ name, events }) =>
  statement(
    `audit.reads.readers${name}`,
    { client_id: 'text?', app: 'text?', events: 'int8' },
    `with latest as materialized (
     select e.kind, e.client_id, e.family_id from (
       ${events(MAY_OPEN_RECORD)} order by at desc limit ${plannedLimit(MAX_SCANNED)}) e)
   select a.client_id, a.name as app, c.events
   from (select count(*) as events from latest) c
   left join (
     select distinct e.client_id from latest e
     where e.kind = any(${READ_KINDS}) and ($3::text[] is null or e.family_id = any($3))) e on true
   left join app a on a.client_id = e.client_id order by a.name, a.client_id`,
  ),
);
const USAGE_COLUMNS = { grant_id: 'uuid', reads: 'int8', last_at: 'timestamptz?', since: 'timestamptz?' } as const;
/** Counts the reads with each grant among the latest events of the record. @param mayRead SQL condition on `$1` */
const usageStatement = (name: string, mayRead: string) =>
  statement(
    name,
    USAGE_COLUMNS,
    `with latest as materialized (
     select e.at, e.kind, e.outcome, e.grant_id, e.family_id from (
       ${recordEventsSql('$2', mayRead, plannedLimit(MAX_SCANNED))}) e order by e.at desc limit ${plannedLimit(MAX_SCANNED)})
   select g.grant_id, count(e.at) as reads, max(e.at) as last_at, l.since
   from unnest($3::uuid[]) g (grant_id)
   cross join (select case when count(*) = ${MAX_SCANNED} then min(at) end as since from latest) l
   left join latest e on e.grant_id = g.grant_id and e.kind = any(${READ_KINDS}) and e.outcome = 'success'
     and ($4::text[] is null or e.family_id = any($4))
   group by g.grant_id, l.since having count(e.at) > 0 or l.since is not null`,
  );
const usageForReader = usageStatement('audit.reads.usage', MAY_OPEN_RECORD);
const usageOfRecord = usageStatement('audit.reads.usage-of-record', '$1::uuid is null');

/**
 * Returns one page of the access log of a record, newest first. However many events the record has, a page reads only a
 * limited number of them: if few of them match the filter, the page has fewer entries and says where to go on.
 */
export async function listAccessLog(
  db: Executor,
  reader: AccessLogReader,
  filter: AccessLogFilter,
  { after, limit }: { readonly after: AuditLogPosition | undefined; readonly limit: number },
): Promise<EventPage<AccessLogEntry>> {
  const position = after === undefined ? FIRST_PAGE : [after.at, after.id];
  const values = [...filterValues(reader, filter), ...position, limit + 1];
  const page = toEventPage(await db.query(await selectPage(db, reader.recordId), values), limit);
  const found = { ...page, entries: page.entries.map(toEntry) };
  if (filter.visibleFamilies === undefined) return found;
  const { next } = found;
  const madeUp = (await listMadeUpReads(db, values)).filter(
    (entry) => next === undefined || newestFirst(entry, next) <= 0,
  );
  const entries = [...found.entries, ...madeUp].sort(newestFirst);
  if (entries.length <= limit) return { ...found, entries };
  return { entries: entries.slice(0, limit), next: toPosition(entries[limit - 1]), isStopped: false };
}

const newestFirst = (one: AuditLogPosition, other: AuditLogPosition): number =>
  other.at.getTime() - one.at.getTime() || (one.id < other.id ? 1 : -1);

/**
 * Counts the log entries that match the filter, on all pages together.
 * @returns undefined if there are too many events to count
 */
export async function countAccessLogEntries(
  db: Executor,
  reader: AccessLogReader,
  filter: AccessLogFilter,
): Promise<number | undefined> {
  const values = filterValues(reader, filter);
  const [row] = await db.query(await selectCount(db, reader.recordId), values);
  if (row === undefined || row.events >= MAX_SCANNED) return undefined;
  return filter.visibleFamilies === undefined ? row.reads : row.reads + (await countMadeUpReads(db, values));
}

/** An app that read a record, or tried to. */
export interface ReaderApp {
  readonly clientId: ClientId;
  readonly app: string;
}

/**
 * Lists the apps that have read the record or tried to, sorted by name.
 * @returns `isComplete` is false if the record has so many events that only the latest were searched
 */
export async function listReaderApps(
  db: Executor,
  reader: AccessLogReader,
  visibleFamilies: VisibleFamilyIds | undefined,
): Promise<{ readonly apps: readonly ReaderApp[]; readonly isComplete: boolean }> {
  const readers = await selectReaders(db, reader.recordId);
  const rows = await db.query(readers, [reader.accountId, reader.recordId, visibleFamilies ?? null]);
  const isComplete = (rows[0]?.events ?? 0) < MAX_SCANNED;
  const apps = rows.flatMap(({ client_id, app }) =>
    client_id === null || app === null ? [] : [{ clientId: client_id as ClientId, app }],
  );
  if (visibleFamilies === undefined) return { apps, isComplete };
  const known = new Set(apps.map(({ clientId }) => clientId));
  const madeUp = (await listMadeUpReaders(db, reader)).filter(({ clientId }) => !known.has(clientId));
  return { apps: [...apps, ...madeUp].sort((one, other) => one.app.localeCompare(other.app)), isComplete };
}

export interface GrantUsage {
  readonly reads: number;
  /** undefined if there was no read since `since`. */
  readonly last: Date | undefined;
  /** Beginning of the counted period, if the record has too many events to count all reads. */
  readonly since: Date | undefined;
}

/**
 * Counts the successful reads of the record with each of the given grants, and returns the time of the last read.
 * Grants without reads are missing from the map, unless there are too many events to know that.
 */
export const findGrantUsage = async (
  db: Executor,
  { accountId, recordId }: AccessLogReader,
  grants: readonly GrantId[],
  visibleFamilies: VisibleFamilyIds | undefined,
): Promise<ReadonlyMap<GrantId, GrantUsage>> =>
  toUsage(await db.query(usageForReader, [accountId, recordId, grants, visibleFamilies ?? null]));

/**
 * Counts reads as `findGrantUsage` does, for staff of the practice that holds the record. The caller has to check that
 * they may see it.
 */
export const findGrantUsageForStaff = async (
  db: Executor,
  recordId: RecordId,
  grants: readonly GrantId[],
): Promise<ReadonlyMap<GrantId, GrantUsage>> => toUsage(await db.query(usageOfRecord, [null, recordId, grants, null]));

const toUsage = (rows: readonly RowOf<typeof USAGE_COLUMNS>[]): ReadonlyMap<GrantId, GrantUsage> =>
  new Map(
    rows.map(({ grant_id, reads, last_at, since }) => [
      grant_id as GrantId,
      { reads, last: last_at ?? undefined, since: since ?? undefined },
    ]),
  );

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
