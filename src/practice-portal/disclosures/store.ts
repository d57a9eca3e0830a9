import { daysOfAppSql, listMadeUpApps, MADE_UP_READS_SQL, readingAppsSql, recordEventsSql } from '../../audit/index.ts';
import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { PatientId, PracticeId } from '../../kernel/index.ts';
import { grantedInBrowserSql } from '../shared-account-visibility.ts';
import type { DisclosureQuery } from './parse-query.ts';
import type { ReportPosition } from './position.ts';

/** Who used an app: `app` for a backend app, which reads data without a person. */
export interface DisclosureReader {
  /** `person` is someone whose relation to the record isn't known anymore. */
  readonly role: 'patient' | 'representative' | 'staff' | 'app' | 'person';
  /** undefined for a backend app, and if the account no longer exists. */
  readonly name: string | undefined;
}

/** The data of one patient that one person read with one app on one day of the practice. */
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
  /** One row for each day, patient, app and person who used the app. */
  readonly reads: readonly PatientDisclosure[];
  /** The last row of this page, if there are more; undefined on the last page. */
  readonly next: ReportPosition | undefined;
}

const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000';
const LAST_ACCOUNT = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const COLUMNS = {
  since_at: 'timestamptz',
  record_id: 'int8',
  client_id: 'text',
  account_id: 'uuid',
  patient_id: 'uuid?',
  app: 'text?',
  made_up: 'bool',
  person: 'text?',
  person_kind: 'text?',
  relationship: 'text?',
  name: 'text?',
  birth_date: 'date?',
  first: 'timestamptz?',
  last: 'timestamptz?',
  types: 'jsonb?',
} as const;

/** SQL: the chosen app. */
const CHOSEN_APP = 'select $2::text as client_id';
const ALL_APPS = `select client_id from (${readingAppsSql('$1')}) a where $2::text is null`;
/** SQL: the rows of one app `a` after those of the page before. All apps are in descending order of their id. */
const AFTER_POSITION = `d.since_at >= $3 and d.since_at < $4 and (d.since_at, d.record_id, d.account_id) < ($5,
             case when a.client_id < $6 collate "C" then ${Number.MAX_SAFE_INTEGER} when a.client_id = $6 then $7::int8 else -1 end,
             case when a.client_id = $6 then $8::uuid else '${LAST_ACCOUNT}' end)`;

/**
 * Lists what apps read of the patients of one practice, one row for each day, patient, app and person who used the app,
 * the newest day first. `daysOfAppSql` finds the rows in this order, and the audit log has what was read. So a page
 * costs what its rows and the number of apps cost. The account of a merged record may represent only the record that it
 * became a part of.
 * @param apps SQL of the apps
 * @param madeUp SQL of the days and of the reads that are made up, for users of shared sandbox accounts
 */
const listStatement = (name: string, apps: string, madeUp: { readonly days: string; readonly reads: string }) =>
  statement(
    `desk.disclosures${name}`,
    COLUMNS,
    `with day as materialized (
     select distinct on (d.since_at, d.client_id, d.record_id, d.account_id) d.*
     from (
       select d.* from (${apps}) a cross join lateral (${daysOfAppSql('$1', 'a.client_id', AFTER_POSITION, '$9')}) d${madeUp.days}) d
     order by d.since_at desc, d.client_id desc, d.record_id desc, d.account_id desc limit $9),
   read as (
     select s.since_at, s.record_id, e.client_id, coalesce(e.account_id, '${NO_ACCOUNT}') as account_id, null::text as app,
       coalesce(e.type, 'other') as type, sum(e.resources)::int8 as resources, min(e.at) as first, max(e.at) as last
     from (select distinct since_at, until_at, record_id from day) s
     cross join lateral (${recordEventsSql('s.record_id', 'e.at >= s.since_at and e.at < s.until_at')} offset 0) e
     where e.outcome = 'success' and e.resources > 0 and e.kind in ('read', 'search', 'document', 'export')
       and e.client_id is not null and ${grantedInBrowserSql('$10', 'e.grant_id', 'e.at')}
     group by s.since_at, s.record_id, e.client_id, e.account_id, coalesce(e.type, 'other')${madeUp.reads}),
   sum as materialized (
     select r.since_at, r.record_id, r.client_id, r.account_id, r.app, min(r.first) as first, max(r.last) as last,
       jsonb_object_agg(r.type, r.resources) as types
     from read r group by r.since_at, r.record_id, r.client_id, r.account_id, r.app)
   select p.since_at, p.record_id, p.client_id, p.account_id, r.patient_id, coalesce(s.app, a.name) as app,
     s.app is not null as made_up, u.display_name as person, u.kind as person_kind, h.relationship, d.name, d.birth_date,
     s.first, s.last, s.types
   from day p
   left join sum s on s.since_at = p.since_at and s.record_id = p.record_id and s.client_id = p.client_id
     and s.account_id = p.account_id
   left join record r on r.record_id = p.record_id and r.practice_id = $1
   left join demographics d on d.practice_id = $1 and d.record_id = p.record_id
   left join app a on a.client_id = p.client_id
   left join account u on u.account_id = p.account_id
   left join lateral (
     select h.relationship from representation h
     where h.account_id = p.account_id and h.record_id in (p.record_id, r.merged_into)
     order by h.record_id = p.record_id desc limit 1) h on true
   order by p.since_at desc, p.client_id desc, p.record_id desc, p.account_id desc`,
  );
const NOTHING = { days: '', reads: '' };
const MADE_UP_READS = `(
       select m.*, coalesce(m.account_id, '${NO_ACCOUNT}') as reader, start_of_day(m.at, p.time_zone) as since_at
       from ${MADE_UP_READS_SQL} m join record r on r.record_id = m.record_id and r.practice_id = $1
       join practice p on p.practice_id = $1 where m.at >= $3 and m.at < $4 and ($2::text is null or m.client_id = $2)) m`;
const MADE_UP = {
  days: `
       union all
       select m.client_id collate "C", m.since_at, start_of_day(m.since_at + interval '36 hours', p.time_zone), m.record_id, m.reader
       from ${MADE_UP_READS} join practice p on p.practice_id = $1
       where (m.since_at, m.client_id collate "C", m.record_id, m.reader) < ($5, $6, $7, $8)`,
  reads: `
     union all
     select m.since_at, m.record_id, m.client_id, m.reader, m.app, m.type, sum(m.resources)::int8, min(m.at), max(m.at)
     from ${MADE_UP_READS} group by m.since_at, m.record_id, m.client_id, m.reader, m.app, m.type`,
};
const listOfApp = listStatement('', CHOSEN_APP, NOTHING);
const listOfAllApps = listStatement('.all-apps', ALL_APPS, NOTHING);
const sharedListOfApp = listStatement('.shared', CHOSEN_APP, MADE_UP);
const sharedListOfAllApps = listStatement('.all-apps.shared', ALL_APPS, MADE_UP);

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
  /** Last row of the page before; undefined for the first page. */
  readonly after: ReportPosition | undefined;
  readonly limit: number;
  /** Limits the report to access that was allowed in this browser. undefined: all access. */
  readonly browser: Buffer | undefined;
}

/**
 * Lists what an app or all apps read and who used the apps, the newest day first, one page at a time.
 * @returns undefined if the database took longer than the time limit of a statement
 */
export async function listDisclosures(
  db: Executor,
  practiceId: PracticeId,
  { clientId, from, until }: DisclosureQuery,
  { after, limit, browser }: DisclosurePageRange,
): Promise<Disclosures | undefined> {
  const ofApp = browser === undefined ? listOfApp : sharedListOfApp;
  const ofAllApps = browser === undefined ? listOfAllApps : sharedListOfAllApps;
  const reads: PatientDisclosure[] = [];
  let next = after;
  try {
    do {
      const position = [
        next?.since ?? 'infinity',
        next?.clientId ?? '',
        next?.recordId ?? 0,
        next?.accountId ?? NO_ACCOUNT,
      ];
      const values = [practiceId, clientId ?? null, from, until, ...position, limit + 1, browser ?? null];
      const rows = await db.query(clientId === undefined ? ofAllApps : ofApp, values);
      reads.push(...rows.slice(0, limit).flatMap(toDisclosure));
      next = rows.length > limit ? toPosition(rows[limit - 1]) : undefined;
      // In a shared sandbox, days can have only reads of other browsers.
    } while (reads.length === 0 && next !== undefined);
  } catch (error) {
    if ((error as { code?: unknown }).code === QUERY_CANCELED) return undefined;
    throw error;
  }
  return { reads, next };
}

const toPosition = (row: RowOf<typeof COLUMNS> | undefined): ReportPosition | undefined =>
  row && { since: row.since_at, clientId: row.client_id, recordId: row.record_id, accountId: row.account_id };

/** SQLSTATE of a statement that exceeded its time limit. */
const QUERY_CANCELED = '57014';

function toDisclosure(row: RowOf<typeof COLUMNS>): readonly PatientDisclosure[] {
  const { patient_id, first, last, types } = row;
  if (patient_id === null || first === null || last === null) return [];
  return [
    {
      patientId: patient_id as PatientId,
      clientId: row.client_id,
      app: row.app ?? row.client_id,
      madeUp: row.made_up,
      reader: { role: readerRole(row), name: row.person ?? undefined },
      name: row.name ?? undefined,
      birthDate: row.birth_date ?? undefined,
      firstReadAt: first,
      lastReadAt: last,
      types: Object.entries(types as Readonly<Record<string, number>>)
        .map(([type, resources]) => ({ type, resources }))
        .sort((one, other) => other.resources - one.resources || one.type.localeCompare(other.type)),
    },
  ];
}

function readerRole(row: RowOf<typeof COLUMNS>): DisclosureReader['role'] {
  if (row.account_id === NO_ACCOUNT) return 'app';
  if (row.person_kind === 'staff') return 'staff';
  if (row.relationship === null) return 'person';
  return row.relationship === 'self' ? 'patient' : 'representative';
}
