import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { PatientId, PracticeId } from '../../kernel/index.ts';
import { grantedInBrowserSql } from '../shared-account-visibility.ts';
import type { DisclosureQuery } from './parse-query.ts';

/** A patient whose data an app read in the period of the report. */
export interface DisclosedPatient {
  readonly patientId: PatientId;
  /** undefined if the patient has no name on record. */
  readonly name: string | undefined;
  /** Date of birth as an ISO 8601 date. */
  readonly birthDate: string | undefined;
  readonly firstReadAt: Date;
  readonly lastReadAt: Date;
  /**
   * Number of resources that the app read, by type. The content of a document counts as the type that the document is
   * attached to.
   */
  readonly types: readonly { readonly type: string; readonly resources: number }[];
}

export interface DisclosedPatients {
  readonly patients: readonly DisclosedPatient[];
  /** Number of patients on all pages of the report. */
  readonly total: number;
}

const DISCLOSURE_COLUMNS = {
  patient_id: 'uuid',
  name: 'text?',
  birth_date: 'date?',
  first: 'timestamptz',
  last: 'timestamptz',
  types: 'jsonb',
  total: 'int4',
} as const;
/**
 * Lists the patients of one practice whose data an app read. Audit events about records of other practices are not
 * counted.
 */
const listStatement = statement(
  'desk.disclosures',
  DISCLOSURE_COLUMNS,
  `with events as (
     select e.record_id, coalesce(e.type, 'other') as type, sum(e.resources)::int4 as resources, min(e.at) as first,
       max(e.at) as last
     from audit_event e
     where e.client_id = $2 and e.at >= $3 and e.at < $4 and e.outcome = 'success' and e.resources > 0
       and e.kind in ('read', 'search', 'document', 'export') and e.record_id is not null
       and ${grantedInBrowserSql('$7', 'e.grant_id', 'e.at')}
     group by e.record_id, coalesce(e.type, 'other')),
   patients as (
     select r.record_id, r.patient_id, min(e.first) as first, max(e.last) as last,
       jsonb_object_agg(e.type, e.resources) as types
     from events e join record r on r.record_id = e.record_id and r.practice_id = $1
     group by r.record_id, r.patient_id)
   select p.patient_id, d.name, d.birth_date, p.first, p.last, p.types,
     count(*) over ()::int4 as total
   from patients p left join demographics d on d.practice_id = $1 and d.record_id = p.record_id
   order by d.folded nulls last, p.record_id offset $5 limit $6`,
);

const appsStatement = statement(
  'desk.disclosures.apps',
  { client_id: 'text', name: 'text' },
  `select a.client_id, a.name from app a
   where $1::bytea is null or exists (
     select from consent_grant g join token_family f on f.grant_id = g.grant_id
     where g.client_id = a.client_id and f.browser = $1)`,
);

/** An app that the report can be about. */
export interface DisclosureApp {
  readonly clientId: string;
  readonly name: string;
}

/**
 * Lists the apps that the report can be about, by name.
 * @param browser limits the list to apps that were allowed in this browser; undefined: all apps
 */
export async function listDisclosureApps(db: Executor, browser: Buffer | undefined): Promise<readonly DisclosureApp[]> {
  const rows = await db.query(appsStatement, [browser ?? null]);
  return rows.map((row): DisclosureApp => ({ clientId: row.client_id, name: row.name })).sort(byName);
}

const byName = (one: DisclosureApp, other: DisclosureApp): number =>
  one.name.localeCompare(other.name, 'en') || one.clientId.localeCompare(other.clientId);

export interface DisclosurePageRange {
  readonly skip: number;
  readonly limit: number;
  /** Limits the report to access that was allowed in this browser. undefined: all access. */
  readonly browser: Buffer | undefined;
}

/** Lists the patients whose data an app read, ordered by patient name, one page at a time. */
export async function listDisclosedPatients(
  db: Executor,
  practiceId: PracticeId,
  { clientId, from, until }: DisclosureQuery,
  { skip, limit, browser }: DisclosurePageRange,
): Promise<DisclosedPatients> {
  const rows = await db.query(listStatement, [practiceId, clientId, from, until, skip, limit, browser ?? null]);
  return { patients: rows.map(toDisclosedPatient), total: rows[0]?.total ?? 0 };
}

const toDisclosedPatient = (row: RowOf<typeof DISCLOSURE_COLUMNS>): DisclosedPatient => ({
  patientId: row.patient_id as PatientId,
  name: row.name ?? undefined,
  birthDate: row.birth_date ?? undefined,
  firstReadAt: row.first,
  lastReadAt: row.last,
  types: Object.entries(row.types as Readonly<Record<string, number>>)
    .map(([type, resources]) => ({ type, resources }))
    .sort((one, other) => other.resources - one.resources || one.type.localeCompare(other.type)),
});
