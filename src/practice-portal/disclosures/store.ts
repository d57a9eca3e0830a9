import { EVENT_RECORDS_SQL, listMadeUpApps, MADE_UP_READS_SQL, practiceEventsSql } from '../../audit/index.ts';
import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { PatientId, PracticeId } from '../../kernel/index.ts';
import { grantedInBrowserSql } from '../shared-account-visibility.ts';
import type { DisclosureQuery } from './parse-query.ts';

/** Who used an app: `app` for a backend app, which reads data without a person. */
export interface DisclosureReader {
  /** `person` is someone whose relation to the record isn't known anymore. */
  readonly role: 'patient' | 'representative' | 'staff' | 'app' | 'person';
  /** undefined for a backend app, and if the account no longer exists. */
  readonly name: string | undefined;
}

/** The data of one patient that one person read with one app in the period of the report. */
export interface PatientDisclosure {
  readonly patientId: PatientId;
  readonly clientId: string;
  /** Name of the app; its client_id if the app no longer exists. */
  readonly app: string;
  /** Whether the reads are made up, for users of shared sandbox accounts. */
  readonly madeUp: boolean;
  readonly reader: DisclosureReader;
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

export interface Disclosures {
  readonly reads: readonly PatientDisclosure[];
  /** Number of rows on all pages of the report, each a patient, an app and the person who used it. */
  readonly total: number;
  /** Number of patients on all pages of the report. */
  readonly patients: number;
}

const DISCLOSURE_COLUMNS = {
  patient_id: 'uuid',
  client_id: 'text',
  app: 'text?',
  made_up: 'bool',
  account_id: 'uuid?',
  person: 'text?',
  person_kind: 'text?',
  relationship: 'text?',
  name: 'text?',
  birth_date: 'date?',
  first: 'timestamptz',
  last: 'timestamptz',
  types: 'jsonb',
  total: 'int4',
  patients: 'int4',
} as const;
/**
 * Lists what apps read of the patients of one practice, one row for each patient, app and person who used the app. Audit
 * events about records of other practices are not counted. People are looked up only for the rows of the page. The
 * account of a merged record may represent only the record that it became a part of.
 * @param events SQL of the events of the app or of all apps, up to the beginning of the conditions
 * @param madeUp SQL that adds made-up events, for users of shared sandbox accounts
 */
const listStatement = (name: string, events: string, madeUp = '') =>
  statement(
    `desk.disclosures${name}`,
    DISCLOSURE_COLUMNS,
    `with events as (
     select e.record_id, e.client_id, e.account_id, null::text as app, coalesce(e.type, 'other') as type,
       sum(e.resources)::int8 as resources, min(e.at) as first, max(e.at) as last
     from ${events} and e.at >= $3 and e.at < $4 and e.outcome = 'success' and e.resources > 0
       and e.kind in ('read', 'search', 'document', 'export') and e.record_id is not null
       and ${grantedInBrowserSql('$7', 'e.grant_id', 'e.at')}
     group by e.record_id, e.client_id, e.account_id, coalesce(e.type, 'other')${madeUp}),
   reads as (
     select r.record_id, r.patient_id, r.merged_into, e.client_id, e.account_id, e.app, min(e.first) as first,
       max(e.last) as last, jsonb_object_agg(e.type, e.resources) as types
     from events e join record r on r.record_id = e.record_id and r.practice_id = $1
     group by r.record_id, r.patient_id, r.merged_into, e.client_id, e.account_id, e.app),
   page as (
     select p.*, a.name as app_name, d.name, d.birth_date, d.folded, count(*) over ()::int4 as total
     from reads p left join app a on a.client_id = p.client_id
       left join demographics d on d.practice_id = $1 and d.record_id = p.record_id
     order by d.folded nulls last, p.record_id, a.name, p.client_id, p.account_id offset $5 limit $6)
   select p.patient_id, p.client_id, coalesce(p.app, p.app_name) as app, p.app is not null as made_up, p.account_id,
     u.display_name as person, u.kind as person_kind, h.relationship, p.name, p.birth_date, p.first, p.last, p.types,
     p.total, (select count(distinct record_id) from reads)::int4 as patients
   from page p left join account u on u.account_id = p.account_id
     left join lateral (
       select h.relationship from representation h
       where h.account_id = p.account_id and h.record_id in (p.record_id, p.merged_into)
       order by h.record_id = p.record_id desc limit 1) h on true
   order by p.folded nulls last, p.record_id, p.app_name, p.client_id, p.account_id`,
  );
const EVENTS_OF_APP = `(
       select e.at, e.kind, e.outcome, d.record_id, e.client_id, e.account_id, e.grant_id, e.type, d.resources
       from recorded_event e cross join lateral ${EVENT_RECORDS_SQL} d) e where e.client_id = $2`;
const listOfApp = listStatement('', EVENTS_OF_APP);
/** Starts at the records of the practice, whose events have an index. An index of all apps by time doesn't exist. */
const EVENTS_OF_ALL_APPS = `(
       ${practiceEventsSql('$1', (alias) => `${alias}.at >= $3 and ${alias}.at < $4`)}) e
     where $2::text is null and e.client_id is not null`;
const listOfAllApps = listStatement('.all-apps', EVENTS_OF_ALL_APPS);

const MADE_UP_EVENTS = `
     union all
     select m.record_id, m.client_id, m.account_id, m.app, m.type, sum(m.resources)::int8, min(m.at), max(m.at)
     from ${MADE_UP_READS_SQL} m
     where m.at >= $3 and m.at < $4 and ($2::text is null or m.client_id = $2)
     group by m.record_id, m.client_id, m.account_id, m.app, m.type`;
const sharedListOfApp = listStatement('.shared', EVENTS_OF_APP, MADE_UP_EVENTS);
const sharedListOfAllApps = listStatement('.all-apps.shared', EVENTS_OF_ALL_APPS, MADE_UP_EVENTS);

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
 * @param browser limits the list to apps that were allowed in this browser and those of made-up reads; undefined: all
 *   apps
 */
export async function listDisclosureApps(
  db: Executor,
  practiceId: PracticeId,
  browser: Buffer | undefined,
): Promise<readonly DisclosureApp[]> {
  const rows = await db.query(appsStatement, [browser ?? null]);
  const apps = rows.map((row): DisclosureApp => ({ clientId: row.client_id, name: row.name }));
  const known = new Set(apps.map(({ clientId }) => clientId));
  const madeUp = browser === undefined ? [] : await listMadeUpApps(db, practiceId);
  const others = madeUp.filter(({ clientId }) => !known.has(clientId));
  return [...apps, ...others.map(({ clientId, app }) => ({ clientId, name: app }))].sort(byName);
}

const byName = (one: DisclosureApp, other: DisclosureApp): number =>
  one.name.localeCompare(other.name, 'en') || one.clientId.localeCompare(other.clientId);

export interface DisclosurePageRange {
  readonly skip: number;
  readonly limit: number;
  /** Limits the report to access that was allowed in this browser. undefined: all access. */
  readonly browser: Buffer | undefined;
}

/**
 * Lists what an app or all apps read and who used the apps, ordered by patient name and app, one page at a time.
 * @returns undefined if the database took longer than the time limit of a statement
 */
export async function listDisclosures(
  db: Executor,
  practiceId: PracticeId,
  { clientId, from, until }: DisclosureQuery,
  { skip, limit, browser }: DisclosurePageRange,
): Promise<Disclosures | undefined> {
  const values = [practiceId, clientId ?? null, from, until, skip, limit, browser ?? null];
  try {
    const ofApp = browser === undefined ? listOfApp : sharedListOfApp;
    const ofAllApps = browser === undefined ? listOfAllApps : sharedListOfAllApps;
    const rows = await db.query(clientId === undefined ? ofAllApps : ofApp, values);
    return { reads: rows.map(toDisclosure), total: rows[0]?.total ?? 0, patients: rows[0]?.patients ?? 0 };
  } catch (error) {
    if ((error as { code?: unknown }).code === QUERY_CANCELED) return undefined;
    throw error;
  }
}

/** SQLSTATE of a statement that exceeded its time limit. */
const QUERY_CANCELED = '57014';

const toDisclosure = (row: RowOf<typeof DISCLOSURE_COLUMNS>): PatientDisclosure => ({
  patientId: row.patient_id as PatientId,
  clientId: row.client_id,
  app: row.app ?? row.client_id,
  madeUp: row.made_up,
  reader: { role: readerRole(row), name: row.person ?? undefined },
  name: row.name ?? undefined,
  birthDate: row.birth_date ?? undefined,
  firstReadAt: row.first,
  lastReadAt: row.last,
  types: Object.entries(row.types as Readonly<Record<string, number>>)
    .map(([type, resources]) => ({ type, resources }))
    .sort((one, other) => other.resources - one.resources || one.type.localeCompare(other.type)),
});

function readerRole(row: RowOf<typeof DISCLOSURE_COLUMNS>): DisclosureReader['role'] {
  if (row.account_id === null) return 'app';
  if (row.person_kind === 'staff') return 'staff';
  if (row.relationship === null) return 'person';
  return row.relationship === 'self' ? 'patient' : 'representative';
}
