import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { AccountId, ClientId, RecordId } from '../kernel/index.ts';
import { type AuditLogPosition, FIRST_PAGE } from './access-log-query.ts';
import { type AuditKind, IS_READ } from './event.ts';

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
  /** Only events about these patient records. Administrators of the installation don't see what a record is about. */
  readonly recordIds?: readonly RecordId[] | undefined;
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
  detail: 'jsonb?',
} as const;

/** SQL: selects events with the names of people, practices and apps. @param events SQL of the events */
const withNames = (events: string): string =>
  `select e.at, e.id, e.kind, e.outcome, e.request_id, e.account_id,
     case when u.kind <> 'patient' then u.display_name end as person, u.kind as person_kind, p.name as practice,
     e.client_id, a.name as app, e.type, e.resources, e.detail
   from (${events}) e
   left join app a on a.client_id = e.client_id
   left join account u on u.account_id = e.account_id
   left join practice p
     on p.practice_id = case when e.detail ->> 'practice' ~ '^[0-9]{1,9}$' then (e.detail ->> 'practice')::int end
   order by e.at desc, e.id desc`;

/**
 * Selects a page of audit events. The inner query applies the limit, so that names are looked up only for the events of
 * the page.
 */
const pageStatement = statement(
  'audit.trail.page',
  ENTRY_COLUMNS,
  withNames(`
     select * from recorded_event e
     where e.at >= $1 and e.at < $2 and (e.at, e.id) < ($9::timestamptz, $10::uuid)
       and ((not $8::bool and $3::text[] is null) or e.kind = any($3) or ($8 and ${IS_READ}))
       and ($4::text is null or e.outcome = $4)
       and ($5::text is null or e.client_id = $5) and ($6::uuid is null or e.account_id = $6)
       and ($7::text is null or e.request_id = $7) and ($12::int8[] is null or e.record_id = any($12))
     order by e.at desc, e.id desc limit $11`),
);
const archivedStatement = statement(
  'audit.trail.archived',
  ENTRY_COLUMNS,
  withNames(`
     select * from json_to_recordset($1) as event (at timestamptz, id uuid, kind text, outcome text, request_id text,
       account_id uuid, client_id text, type text, resources int4, detail jsonb)`),
);

/**
 * Returns one page of audit events, newest first.
 * @param after position of the last event of the previous page; undefined for the first page
 */
export async function searchAuditLog(
  db: Executor,
  query: AuditLogFilter,
  { after, limit }: { readonly after: AuditLogPosition | undefined; readonly limit: number },
): Promise<readonly AuditLogEntry[]> {
  const { from, to, kinds = null, allReads = false, outcome = null, clientId = null, accountId = null } = query;
  const position = after === undefined ? FIRST_PAGE : [after.at, after.id];
  const conditions = [from, to, kinds, outcome, clientId, accountId, query.requestId ?? null, allReads];
  return (await db.query(pageStatement, [...conditions, ...position, limit, query.recordIds ?? null])).map(toEntry);
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
  detail: (row.detail ?? {}) as AuditLogEntry['detail'],
});
