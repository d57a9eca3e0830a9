import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { AccountId, ClientId, RecordId } from '../kernel/index.ts';
import {
  type AuditLogPosition,
  boundedScanSql,
  type EventPage,
  MAX_SCANNED,
  plannedLimit,
  toEventPage,
  toPosition,
} from './bounded-scan.ts';
import { EVENT_RECORDS_SQL, OWN_DETAIL_SQL, recordEventsSql } from './disclosed-records.ts';
import { type AuditKind, IS_READ } from './event.ts';
import { listUnindexedMonths, type Month } from './search-indexes.ts';

/** Conditions for a search of the whole audit log. A condition that is omitted matches everything. */
export interface AuditLogFilter {
  /** If `allReads` is true, events of these kinds and all reads match. */
  readonly kinds?: readonly AuditKind[] | undefined;
  /** Whether all reads match: of patient data, emails and logs, whatever their kind. */
  readonly allReads?: boolean | undefined;
  readonly outcome?: 'success' | 'failure' | undefined;
  readonly clientId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly requestId?: string | undefined;
  /** Only events about this patient record. Administrators of the installation don't see what a record is about. */
  readonly recordId?: RecordId | undefined;
  readonly from: Date;
  /** End of the searched period. An event at exactly this time isn't included. */
  readonly to: Date;
}

/** An audit event as an administrator sees it. It doesn't reveal which patient record the event concerns. */
export interface AuditLogEntry extends AuditLogPosition {
  readonly kind: AuditKind;
  readonly outcome: 'success' | 'failure';
  readonly requestId: string | undefined;
  readonly accountId: AccountId | undefined;
  /** Name of the staff member or developer; undefined for a patient, whose name administrators don't see. */
  readonly person: string | undefined;
  readonly personKind: string | undefined;
  /** Name of the practice that the event is about; undefined if the event names none. */
  readonly practice: string | undefined;
  readonly clientId: ClientId | undefined;
  readonly app: string | undefined;
  readonly type: string | undefined;
  readonly resources: number | undefined;
  /** Number of patients whose data was disclosed, if the event is about several. */
  readonly patients: number | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
}

const ENTRY_COLUMNS = {
  at: 'timestamptz',
  id: 'uuid',
  kind: 'text',
  outcome: 'text',
  request_id: 'text?',
  account_id: 'uuid?',
  person: 'text?',
  person_kind: 'text?',
  practice: 'text?',
  client_id: 'text?',
  app: 'text?',
  type: 'text?',
  resources: 'int4?',
  patients: 'int4?',
  detail: 'jsonb?',
} as const;

/** SQL: selects events with the names of people, practices and apps. @param events SQL of the events */
const withNames = (events: string, more = ''): string =>
  `select e.at, e.id, e.kind, e.outcome, e.request_id, e.account_id,
     case when u.kind <> 'patient' then u.display_name end as person, u.kind as person_kind, p.name as practice,
     e.client_id, a.name as app, e.type, e.resources, ${OWN_DETAIL_SQL} as detail,
     (select nullif(count(*), 0)::int4 from ${EVENT_RECORDS_SQL} d where e.record_id is null) as patients${more}
   from (${events}) e
   left join app a on a.client_id = e.client_id
   left join account u on u.account_id = e.account_id
   left join practice p
     on p.practice_id = case when e.detail ->> 'practice' ~ '^[0-9]{1,9}$' then (e.detail ->> 'practice')::int end
   order by e.at desc, e.id desc`;

const archivedStatement = statement(
  'audit.trail.archived',
  ENTRY_COLUMNS,
  withNames(`
     select * from json_to_recordset($1) as event (at timestamptz, id uuid, kind text, outcome text, request_id text,
       record_id int8, account_id uuid, client_id text, type text, resources int4, detail jsonb)`),
);

/** Number of events that one step of a search reads at most if it reads all events of a period. */
const MAX_SCANNED_IN_ORDER = 10_000;

/** Kinds of almost all events. The index on kinds doesn't have them. */
const FREQUENT_KINDS: readonly AuditKind[] = ['read', 'search'];
/** Kinds whose scans of the index are merged. Each one is planned for each month, which takes 4 ms for a year. */
const MAX_MERGED_KINDS = 5;

/** Collects the values of a statement's parameters, and returns the SQL of one. */
type Parameter = (value: unknown, type: string) => string;

/** An index that gives the events of a search in the order of time. */
interface SearchIndex {
  /**
   * Returns SQL of different events. Each one is a scan of the index, and the results are merged.
   * @param period SQL condition on time and id of the event `e`
   */
  scans(parameter: Parameter, period: string): readonly string[];
  /** Whether all months have the index. */
  readonly isEverywhere: boolean;
}

/** SQL: the events as they are stored. An event about several records is one row. */
const STORED = 'select e.* from recorded_event e';

/**
 * Chooses the index for a search: usually the one with the fewest events.
 * @returns undefined if all events of the period have to be read
 */
function chooseIndex(filter: AuditLogFilter): SearchIndex | undefined {
  const { recordId, accountId, kinds, allReads = false, outcome, clientId } = filter;
  const byColumn = (column: string, type: string, values: readonly unknown[], isEverywhere: boolean): SearchIndex => ({
    scans: (parameter, period) =>
      [...new Set(values)].map((value) => `${STORED} where e.${column} = ${parameter(value, type)} and ${period}`),
    isEverywhere,
  });
  if (recordId !== undefined)
    return {
      scans: (parameter, period) => [recordEventsSql(parameter(recordId, 'int8'), period, plannedLimit(MAX_SCANNED))],
      isEverywhere: true,
    };
  if (accountId !== undefined) return byColumn('account_id', 'uuid', [accountId], false);
  const isRare = kinds?.length !== 0 && kinds?.some((kind) => FREQUENT_KINDS.includes(kind)) === false;
  if (isRare && !allReads && kinds.length <= MAX_MERGED_KINDS) return byColumn('kind', 'text', kinds, false);
  if (outcome === 'failure')
    return { scans: (_, period) => [`${STORED} where e.outcome = 'failure' and ${period}`], isEverywhere: false };
  return clientId === undefined ? undefined : byColumn('client_id', 'text', [clientId], true);
}

function toCondition(filter: AuditLogFilter, parameter: Parameter): string {
  const { kinds, allReads = false, outcome, clientId, accountId, requestId } = filter;
  const isKind = [
    ...(kinds === undefined ? [] : [`e.kind = any(${parameter(kinds, 'text[]')})`]),
    ...(allReads ? [IS_READ] : []),
  ];
  const conditions = [
    ...(isKind.length === 0 ? [] : [`(${isKind.join(' or ')})`]),
    ...(outcome === undefined ? [] : [`e.outcome = ${parameter(outcome, 'text')}`]),
    ...(clientId === undefined ? [] : [`e.client_id = ${parameter(clientId, 'text')}`]),
    ...(accountId === undefined ? [] : [`e.account_id = ${parameter(accountId, 'uuid')}`]),
    ...(requestId === undefined ? [] : [`e.request_id = ${parameter(requestId, 'text')}`]),
  ];
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}

type EntryRow = RowOf<typeof ENTRY_COLUMNS> & { readonly matches: boolean; readonly is_stop: boolean };

/** Where a step of a search begins, and how many events it returns at most. */
interface SearchSlice {
  /** Position of the last event of the previous page; undefined for the first page. */
  readonly after: AuditLogPosition | undefined;
  readonly limit: number;
}

/**
 * Searches one period in which the same indexes exist. The text of the statement has only the conditions of the search,
 * and PostgreSQL plans it for their values.
 */
async function searchPeriod(
  db: Executor,
  filter: AuditLogFilter,
  { after, limit, isIndexed }: SearchSlice & { readonly isIndexed: boolean },
): Promise<EventPage<EntryRow>> {
  const values: unknown[] = [];
  const parameter: Parameter = (value, type) => `$${values.push(value)}::${type}`;
  const index = chooseIndex(filter);
  const usable = isIndexed || index?.isEverywhere === true ? index : undefined;
  const period = [
    `e.at >= ${parameter(filter.from, 'timestamptz')} and e.at < ${parameter(filter.to, 'timestamptz')}`,
    // The first condition alone tells which months aren't needed.
    ...(after === undefined
      ? []
      : [
          `e.at <= ${parameter(after.at, 'timestamptz')} and (e.at, e.id) < (${parameter(after.at, 'timestamptz')}, ${parameter(after.id, 'uuid')})`,
        ]),
  ].join(' and ');
  const scans = usable?.scans(parameter, period) ?? [`${STORED} where ${period}`];
  const events = scans.join(' union all ');
  const page = boundedScanSql(events, toCondition(filter, parameter), {
    limit: parameter(limit + 1, 'int8'),
    ...(usable === undefined ? { maxScanned: MAX_SCANNED_IN_ORDER } : {}),
  });
  return toEventPage(await db.queryText<EntryRow>(withNames(page, ', e.matches, e.is_stop'), values), limit);
}

/** Splits a period at the months without indexes for searches. Returns the parts newest first. */
function splitPeriod(
  { from, to }: Pick<AuditLogFilter, 'from' | 'to'>,
  unindexed: readonly Month[],
): readonly (Month & { readonly isIndexed: boolean })[] {
  const parts: (Month & { readonly isIndexed: boolean })[] = [];
  let end = to;
  for (const month of unindexed) {
    if (month.from >= end || month.to <= from) continue;
    if (month.to < end) parts.push({ from: month.to, to: end, isIndexed: true });
    end = month.from > from ? month.from : from;
    parts.push({ from: end, to: month.to < to ? month.to : to, isIndexed: false });
  }
  return end > from ? [...parts, { from, to: end, isIndexed: true }] : parts;
}

/**
 * Returns one page of audit events, newest first. However many events there are, a step reads only a limited number of
 * them: if few of them match, it returns fewer events and says where to go on.
 */
export async function searchAuditLog(
  db: Executor,
  filter: AuditLogFilter,
  { after, limit }: SearchSlice,
): Promise<EventPage<AuditLogEntry>> {
  const unindexed = chooseIndex(filter)?.isEverywhere === false ? await listUnindexedMonths(db) : [];
  const entries: AuditLogEntry[] = [];
  for (const { from, to, isIndexed } of splitPeriod(filter, unindexed)) {
    if (after !== undefined && from > after.at) continue;
    if (entries.length === limit) return { entries, next: toPosition(entries.at(-1)), isStopped: false };
    const slice = { after, limit: limit - entries.length, isIndexed };
    const page = await searchPeriod(db, { ...filter, from, to }, slice);
    entries.push(...page.entries.map(toEntry));
    if (page.next !== undefined) return { entries, next: page.next, isStopped: page.isStopped };
  }
  return { entries, next: undefined, isStopped: false };
}

/**
 * Returns the newest events of a search, in as many steps as it takes.
 * @param slice.maxSteps most steps; undefined: until the end of the period
 */
export async function collectAuditLog(
  db: Executor,
  filter: AuditLogFilter,
  { after, limit, maxSteps = Number.POSITIVE_INFINITY }: SearchSlice & { readonly maxSteps?: number },
): Promise<EventPage<AuditLogEntry>> {
  const entries: AuditLogEntry[] = [];
  let page: EventPage<AuditLogEntry> = { entries, next: after, isStopped: true };
  for (let step = 0; step < maxSteps && page.isStopped; step++) {
    page = await searchAuditLog(db, filter, { after: page.next, limit: limit - entries.length });
    entries.push(...page.entries);
  }
  return { ...page, entries };
}

/**
 * Returns events of the archive as a search in the database does, newest first.
 * @param events the events as JSON objects by column
 */
export const describeArchivedEvents = async (
  db: Executor,
  events: readonly object[],
): Promise<readonly AuditLogEntry[]> =>
  events.length === 0 ? [] : (await db.query(archivedStatement, [JSON.stringify(events)])).map(toEntry);

const toEntry = (row: RowOf<typeof ENTRY_COLUMNS>): AuditLogEntry => ({
  at: row.at,
  id: row.id,
  kind: row.kind as AuditKind,
  outcome: row.outcome as AuditLogEntry['outcome'],
  requestId: row.request_id ?? undefined,
  accountId: (row.account_id ?? undefined) as AccountId | undefined,
  person: row.person ?? undefined,
  personKind: row.person_kind ?? undefined,
  practice: row.practice ?? undefined,
  clientId: (row.client_id ?? undefined) as ClientId | undefined,
  app: row.app ?? undefined,
  type: row.type ?? undefined,
  resources: row.resources ?? undefined,
  patients: row.patients ?? undefined,
  detail: (row.detail ?? {}) as AuditLogEntry['detail'],
});
