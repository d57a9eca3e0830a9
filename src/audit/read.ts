import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { AccountId, ClientId, GrantId, RecordId } from '../kernel/index.ts';
import type { AuditKind } from './event.ts';

/** A record, and the account that looks: nothing is found unless that account may open the record. */
export interface Whose {
  readonly accountId: AccountId;
  readonly recordId: RecordId;
}

/** Families of tokens, each of one authorization: all that a visitor of a published account is shown. */
export type OwnFamilies = readonly string[];

export interface LogFilter {
  /** client_id; `WITHOUT_APP`: people who used none. */
  readonly app?: string | undefined;
  /** Names of types, in every version of FHIR. */
  readonly types?: readonly string[] | undefined;
  /** ISO 8601 dates, in the zone; both days count. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** IANA */
  readonly zone: string;
  /** undefined: whoever it was. */
  readonly own?: OwnFamilies | undefined;
  /** What left through apps: without refusals, and without what people looked at in their account. */
  readonly readsOnly?: boolean;
}

export const WITHOUT_APP = '-';

/** Where a page ended. */
export interface LogPosition {
  readonly at: Date;
  readonly id: string;
}

/** Somebody read the record, tried to, or looked at it in the account pages. */
export interface LoggedRead extends LogPosition {
  readonly kind: AuditKind;
  readonly outcome: 'success' | 'failure';
  readonly requestId: string | undefined;
  readonly accountId: AccountId | undefined;
  readonly clientId: ClientId | undefined;
  readonly grantId: GrantId | undefined;
  /** As its version of FHIR names it. */
  readonly type: string | undefined;
  readonly resources: number | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly app: string | undefined;
  readonly person: string | undefined;
  readonly personKind: 'patient' | 'staff' | undefined;
}

/** What a person is told of: data that left, or did not when it was asked for. */
const TOLD = "array['read', 'search', 'document', 'export', 'record-view']";
const READS = "array['read', 'search', 'document', 'export']";
const HELD =
  'exists (select from representation h where h.account_id = $1 and h.record_id = $2 and h.ended_at is null)';

const ENTRY = {
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
/** Of most records nothing else is asked: the newest events of one are found in their order. */
const OWN = 'e.record_id = $2';
/** With those of the records that became part of it: what happened to them stays in the patient's log. */
const WITH_MERGED = `e.record_id in (
     with recursive part as (
       select $2::int8 as record_id union select r.record_id from part p join record r on r.merged_into = p.record_id)
     select record_id from part)`;
const matches = (
  records: string,
): string => `${records} and ${HELD} and e.kind = any(${TOLD}) and (not $9::bool or (e.kind <> 'record-view' and e.outcome = 'success'))
     and ($3::text is null or e.client_id = $3 or ($3 = '${WITHOUT_APP}' and e.client_id is null))
     and ($4::text[] is null or e.type = any($4))
     and e.at >= coalesce($5::date::timestamp at time zone $7, '-infinity')
     and e.at < coalesce(($6::date + 1)::timestamp at time zone $7, 'infinity')
     and ($8::text[] is null or e.family_id = any($8))`;
/** The page is cut before names are looked up. */
const pageOf = (name: string, records: string) =>
  statement(
    `audit.reads.page${name}`,
    ENTRY,
    `select e.at, e.id, e.kind, e.outcome, e.request_id, e.account_id, e.client_id, e.grant_id, e.type, e.resources,
     e.detail, a.name as app, u.display_name as person, u.kind as person_kind
   from (
     select e.* from audit_event e
     where ${matches(records)} and (e.at, e.id) < ($10::timestamptz, $11::uuid)
     order by e.at desc, e.id desc limit $12) e
   left join app a on a.client_id = e.client_id
   left join account u on u.account_id = e.account_id
   order by e.at desc, e.id desc`,
  );
const countOf = (name: string, records: string) =>
  statement(
    `audit.reads.count${name}`,
    { reads: 'int8' },
    `select count(*) as reads from audit_event e where ${matches(records)}`,
  );
const readersIn = (name: string, records: string) =>
  statement(
    `audit.reads.readers${name}`,
    { client_id: 'text', app: 'text' },
    `select a.client_id, a.name as app
   from (
     select distinct e.client_id from audit_event e
     where ${records} and ${HELD} and e.kind = any(${READS})
       and ($3::text[] is null or e.family_id = any($3))) e
   join app a on a.client_id = e.client_id order by a.name, a.client_id`,
  );
const statementsOn = (name: string, records: string) => ({
  page: pageOf(name, records),
  count: countOf(name, records),
  readers: readersIn(name, records),
});
const OF_ONE = statementsOn('', OWN);
const OF_SEVERAL = statementsOn('-with-merged', WITH_MERGED);
const hasMerged = statement(
  'audit.reads.has-merged',
  { merged: 'bool' },
  'select exists (select from record where merged_into = $1) as merged',
);
const statementsFor = async (db: Executor, { recordId }: Whose): Promise<typeof OF_ONE> =>
  (await db.query(hasMerged, [recordId]))[0]?.merged === true ? OF_SEVERAL : OF_ONE;
const usage = statement(
  'audit.reads.usage',
  { grant_id: 'uuid', reads: 'int8', last_at: 'timestamptz' },
  `select e.grant_id, count(*) as reads, max(e.at) as last_at
   from audit_event e
   where e.record_id = $2 and ${HELD} and e.kind = any(${READS}) and e.outcome = 'success'
     and e.grant_id = any($3::uuid[]) and ($4::text[] is null or e.family_id = any($4))
   group by e.grant_id`,
);

/** Before everything: where the first page begins. */
const FIRST: readonly unknown[] = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

/** The newest first, after a position, at most so many. */
export async function readsOf(
  db: Executor,
  whose: Whose,
  filter: LogFilter,
  { after, limit }: { readonly after: LogPosition | undefined; readonly limit: number },
): Promise<readonly LoggedRead[]> {
  const start = after === undefined ? FIRST : [after.at, after.id];
  const { page } = await statementsFor(db, whose);
  return (await db.query(page, [...matching(whose, filter), ...start, limit])).map(entryOf);
}

export async function countReads(db: Executor, whose: Whose, filter: LogFilter): Promise<number> {
  const { count } = await statementsFor(db, whose);
  return (await db.query(count, matching(whose, filter)))[0]?.reads ?? 0;
}

/** The apps that ever read the record, or tried to, by name. */
export async function readersOf(
  db: Executor,
  whose: Whose,
  own: OwnFamilies | undefined,
): Promise<readonly { readonly clientId: ClientId; readonly app: string }[]> {
  const { readers } = await statementsFor(db, whose);
  const rows = await db.query(readers, [whose.accountId, whose.recordId, own ?? null]);
  return rows.map(({ client_id, app }) => ({ clientId: client_id as ClientId, app }));
}

export interface Usage {
  readonly reads: number;
  readonly last: Date;
}

/** How often, and when last, the record was read by these grants; one that never did is not among them. */
export async function usageOf(
  db: Executor,
  { accountId, recordId }: Whose,
  grants: readonly GrantId[],
  own: OwnFamilies | undefined,
): Promise<ReadonlyMap<GrantId, Usage>> {
  const rows = await db.query(usage, [accountId, recordId, grants, own ?? null]);
  return new Map(rows.map((row) => [row.grant_id as GrantId, { reads: row.reads, last: row.last_at }]));
}

const matching = ({ accountId, recordId }: Whose, filter: LogFilter): readonly unknown[] => {
  const { app = null, types = null, from = null, to = null, zone, own, readsOnly = false } = filter;
  return [accountId, recordId, app, types, from, to, zone, own ?? null, readsOnly];
};

const entryOf = (row: RowOf<typeof ENTRY>): LoggedRead => ({
  at: row.at,
  id: row.id,
  kind: row.kind as AuditKind,
  outcome: row.outcome as LoggedRead['outcome'],
  requestId: row.request_id ?? undefined,
  accountId: (row.account_id ?? undefined) as AccountId | undefined,
  clientId: (row.client_id ?? undefined) as ClientId | undefined,
  grantId: (row.grant_id ?? undefined) as GrantId | undefined,
  type: row.type ?? undefined,
  resources: row.resources ?? undefined,
  detail: (row.detail ?? {}) as LoggedRead['detail'],
  app: row.app ?? undefined,
  person: row.person ?? undefined,
  personKind: (row.person_kind ?? undefined) as LoggedRead['personKind'],
});
