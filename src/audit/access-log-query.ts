import { type Executor, statement } from '../database/index.ts';
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

/**
 * SQL condition for a record into which no other record was merged, which is the usual case. With it, PostgreSQL reads
 * the newest events in the order of the index.
 */
export const SINGLE_RECORD = 'e.record_id = $2';
/**
 * SQL condition that includes the events of records that were merged into the patient's record, so that the log keeps
 * the history of those records.
 */
export const MERGED_RECORDS = `e.record_id in (
     with recursive part as (
       select $2::int8 as record_id union select r.record_id from part p join record r on r.merged_into = p.record_id)
     select record_id from part)`;

const hasMerged = statement(
  'audit.reads.has-merged',
  { merged: 'bool' },
  'select exists (select from record where merged_into = $1) as merged',
);

/** Whether other records were merged into this one. */
export const hasMergedRecords = async (db: Executor, recordId: RecordId): Promise<boolean> =>
  (await db.query(hasMerged, [recordId]))[0]?.merged === true;

/**
 * Returns the SQL condition of an access log: `filterValues` are its parameters from $1 on.
 * @param records SQL condition for the record
 * @param families SQL condition for the visible token families, the parameter $8
 */
export const matchesFilter = (
  records: string,
  families: string,
): string => `${records} and ${MAY_OPEN_RECORD} and e.kind = any(${DISPLAYED_KINDS}) and (not $9::bool or (e.kind <> 'record-view' and e.outcome = 'success'))
     and ($3::text is null or e.client_id = $3 or ($3 = '${WITHOUT_APP}' and e.client_id is null))
     and ($4::text[] is null or e.type = any($4))
     and e.at >= coalesce($5::date::timestamp at time zone $7, '-infinity')
     and e.at < coalesce(($6::date + 1)::timestamp at time zone $7, 'infinity')
     and ${families}`;

/** Position before the first page. Entries come newest first, so it is later than every entry. */
export const FIRST_PAGE: readonly unknown[] = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

export const filterValues = ({ accountId, recordId }: AccessLogReader, filter: AccessLogFilter): readonly unknown[] => {
  const { app = null, types = null, from = null, to = null, zone, visibleFamilies, readsOnly = false } = filter;
  return [accountId, recordId, app, types, from, to, zone, visibleFamilies ?? null, readsOnly];
};
