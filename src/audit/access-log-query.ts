import { type Executor, statement } from '../database/index.ts';
import type { AccountId, ClientId, GrantId, RecordId } from '../kernel/index.ts';
import { type AuditLogPosition, MAX_SCANNED, plannedLimit } from './bounded-scan.ts';
import { recordEventsSql } from './disclosed-records.ts';
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
 * account gave in their own browser. The access log shows such a user only the reads with tokens of these families, and
 * the made-up reads of the record.
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
  /** Whether the entry is a made-up read of a sandbox patient. Nobody read anything then. */
  readonly madeUp: boolean;
}

/**
 * SQL array of the kinds of audit events that the access log shows to a patient. The log shows events of these kinds
 * whether the request succeeded or was rejected.
 */
export const DISPLAYED_KINDS = "array['read', 'search', 'document', 'export', 'record-view']";
export const READ_KINDS = "array['read', 'search', 'document', 'export']";
export const MAY_OPEN_RECORD =
  'exists (select from representation h where h.account_id = $1 and h.record_id = $2 and h.ended_at is null)';

/** SQL: the record `$2` and the records that were merged into it. */
const MERGED_RECORDS = `(
     with recursive part as (
       select $2::int8 as record_id union select r.record_id from part p join record r on r.merged_into = p.record_id)
     select record_id from part)`;

/** How a statement finds the events of a record. */
export interface RecordEvents {
  /** Part of the statement's name. */
  readonly name: string;
  /**
   * Returns SQL of the events in no particular order, without more of each record than a bounded scan reads.
   * @param condition SQL condition that the index on records helps with
   */
  events(condition: string): string;
}

/** For a record into which no other record was merged, which is the usual case. */
const SINGLE_RECORD: RecordEvents = {
  name: '',
  events: (condition) => recordEventsSql('$2', condition, plannedLimit(MAX_SCANNED)),
};
/**
 * Includes the events of records that were merged into the patient's record, so that the log keeps their history. An
 * event about several of these records is one entry with all of their resources.
 */
const WITH_MERGED: RecordEvents = {
  name: '-with-merged',
  events: (condition) => `select e.at, e.id, e.kind, e.outcome, e.request_id, e.account_id, e.client_id, e.grant_id,
       e.type, e.total as resources, e.detail, e.family_id
     from (
       select e.*, (sum(e.resources) over same)::int4 as total, row_number() over same as part
       from ${MERGED_RECORDS} part cross join lateral (
         ${recordEventsSql('part.record_id', condition, plannedLimit(MAX_SCANNED))}
         order by e.at desc, e.id desc limit ${plannedLimit(MAX_SCANNED)}) e
       window same as (partition by e.at, e.id)) e
     where e.part = 1`,
};

/**
 * Creates the statements of a query for both kinds of records, and returns a function that chooses between them.
 * PostgreSQL reads the newest events of a single record in the order of the index.
 */
export function forRecordEvents<Statement>(
  create: (events: RecordEvents) => Statement,
): (db: Executor, recordId: RecordId) => Promise<Statement> {
  const [single, merged] = [create(SINGLE_RECORD), create(WITH_MERGED)];
  return async (db, recordId) => ((await db.query(hasMerged, [recordId]))[0]?.merged === true ? merged : single);
}

const hasMerged = statement(
  'audit.reads.has-merged',
  { merged: 'bool' },
  'select exists (select from record where merged_into = $1) as merged',
);

/** SQL condition of an access log that an index helps with: `filterValues` are its parameters from $1 on. */
export const IN_PERIOD = `${MAY_OPEN_RECORD}
     and e.at >= coalesce($5::date::timestamp at time zone $7, '-infinity')
     and e.at < coalesce(($6::date + 1)::timestamp at time zone $7, 'infinity')`;

/**
 * Returns the SQL condition of the entries that an access log shows, besides `IN_PERIOD`.
 * @param families SQL condition for the visible token families, the parameter $8
 */
export const isDisplayed = (
  families: string,
): string => `e.kind = any(${DISPLAYED_KINDS}) and (not $9::bool or (e.kind <> 'record-view' and e.outcome = 'success'))
     and ($3::text is null or e.client_id = $3 or ($3 = '${WITHOUT_APP}' and e.client_id is null))
     and ($4::text[] is null or e.type = any($4)) and ${families}`;

/** SQL condition: the event comes after the position $10, $11 of a log with the newest events first. */
export const AFTER_POSITION = 'e.at <= $10::timestamptz and (e.at, e.id) < ($10::timestamptz, $11::uuid)';

/** Position before the first page. Entries come newest first, so it is later than every entry. */
export const FIRST_PAGE: readonly unknown[] = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

export const filterValues = ({ accountId, recordId }: AccessLogReader, filter: AccessLogFilter): readonly unknown[] => {
  const { app = null, types = null, from = null, to = null, zone, visibleFamilies, readsOnly = false } = filter;
  return [accountId, recordId, app, types, from, to, zone, visibleFamilies ?? null, readsOnly];
};
