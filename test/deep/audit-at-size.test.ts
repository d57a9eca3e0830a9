import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dailyReadTasks } from '../../src/audit/daily-reads.ts';
import {
  type AuditLogFilter,
  countAccessLogEntries,
  findGrantUsage,
  listAccessLog,
  listReaderApps,
  searchAuditLog,
  summarizeAppReads,
} from '../../src/audit/index.ts';
import { type Database, openDatabase } from '../../src/database/index.ts';
import type { AccountId, ClientId, GrantId, PracticeId, RecordId } from '../../src/kernel/index.ts';
import { listUsedApps } from '../../src/practice-portal/apps/store.ts';
import { listDisclosures } from '../../src/practice-portal/disclosures/store.ts';
import { createDatabase, dropDatabase, ensureEmpty, urlOf } from '../support/database/databases.ts';
import { explainAll, type WatchedDatabase, watchedDatabase } from '../support/database/plans.ts';
import { testDatabase } from '../support/database/test-database.ts';

/** Number of events. AUDIT_EVENTS=20000000 takes half an hour and 10 GB. */
const EVENTS = Number(process.env['AUDIT_EVENTS'] ?? 1_000_000);
/** Buffers that a page of a log may use: 2,000 events in random order, and the indexes of each month. */
const MOST_BUFFERS = 3000;
/** The same for a page of the data access report: 50 rows, each with the events of a patient on a day, and 50 apps. */
const MOST_BUFFERS_OF_REPORT = 5000;
/** The same if all 2,000 events are about several patients: each one is found through its record, and by its key. */
const MOST_BUFFERS_OF_PAGES = 14_000;

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const FROM = new Date('2025-12-01T00:00:00Z');
const TO = new Date('2026-12-01T00:00:00Z');

/**
 * Fills a year: a record for each 100 events, and one record with a hundredth of all events. 90 % of the events
 * are reads and searches of 50 apps, and a few are of rare kinds. Besides, there is a page of 50 patients for each 50
 * events, and each fifth page has the same patient.
 */
const fill = (events: number): string => `
  select create_audit_partition((date '2025-12-01' + make_interval(months => m))::date) from generate_series(0, 11) m;
  set session_replication_role = replica;
  set synchronous_commit = off;
  insert into practice (practice_id, kind, name) values (1, 'live', 'Clinic');
  insert into stored_app (client_id, name, state, apis, scope, redirect_uris, created_at)
    select 'app-' || n, 'App ' || n, 'active', '{r4}', '', '{}', now() from generate_series(0, 49) n;
  insert into record (record_id, practice_id, patient_id) select n, 1, gen_random_uuid() from generate_series(1, ${events} / 100) n;
  insert into representation (account_id, record_id) select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, n
    from generate_series(1, ${events} / 100) n;
  insert into audit_event (at, id, kind, outcome, request_id, record_id, account_id, client_id, grant_id, type, resources, detail)
  select timestamptz '2025-12-01' + n * (interval '364 days' / ${events}), gen_random_uuid(), e.kind,
    case when n % 197 = 0 then 'failure' else 'success' end, 'request-' || n, case when e.is_read then e.r end,
    ('00000000-0000-4000-8000-' || lpad(e.r::text, 12, '0'))::uuid, case when e.is_read then 'app-' || e.r * 31 % 50 end,
    case when e.is_read then ('00000000-0000-4000-9000-' || lpad(e.r::text, 12, '0'))::uuid end,
    case when e.is_read then (array['Observation', 'Condition', 'Patient'])[1 + n % 3] end, n % 20,
    '{"parameters": ["patient", "category", "_count"]}'
  from generate_series(1, ${events}) n cross join lateral (
    select case when n % 101 = 0 then 1 else 1 + (n::int8 * 7919) % (${events} / 100) end as r, n % 10 > 0 as is_read,
      case when n % 10 > 2 then 'search' when n % 10 > 0 then 'read' when n % ${events / 20} = 0 then 'key'
        when n % 1000 = 0 then 'consent' else 'sign-in' end as kind) e;
  set session_replication_role = default;
  insert into audit_event (at, id, kind, outcome, request_id, client_id, grant_id, type, resources, detail)
  select timestamptz '2025-12-01' + n * (interval '364 days' / (${events} / 50)) + interval '1 second', gen_random_uuid(),
    'search', 'success', 'page-' || n, 'app-' || n % 50, '00000000-0000-4000-9000-000000000003',
    (array['Observation', 'Condition', 'Patient'])[1 + n % 3], 100,
    jsonb_build_object('parameters', array['_lastUpdated', '_count'], 'practice', 1, 'disclosed', d.disclosed)
  from generate_series(1, ${events} / 50) n cross join lateral (
    select jsonb_object_agg(case when k = 0 and n % 5 = 0 then 2 else 3 + (n * 50 + k) * 7919::int8 % (${events} / 100 - 2) end, 1 + k % 3) as disclosed
    from generate_series(0, 49) k) d;
  insert into practice_app_count select 1, 'app-' || n, 1000, now(), now() from generate_series(0, 49) n;`;

async function filled(events: number) {
  const admin = testDatabase();
  const name = `audit_${events}_${process.pid}`;
  const templates = inject('templates');
  await ensureEmpty(admin, templates);
  await createDatabase(admin, name, templates.empty);
  const url = urlOf(admin, name);
  const db: Database = openDatabase({ connectionString: url }, 1);
  await db.queryText('set statement_timeout = 0', []);
  for (const statement of fill(events).split(';\n')) await db.queryText(statement, []);
  for (const { run } of dailyReadTasks(db, () => false)) await run(TO);
  await db.queryText('vacuum analyze', []);
  await explainAll(db, name);
  await db.close();
  const watched = await watchedDatabase(url);
  return { watched, drop: async () => watched.close().then(() => dropDatabase(admin, url)) };
}

let large: Awaited<ReturnType<typeof filled>>;
beforeAll(async () => {
  large = await filled(EVENTS);
}, 3_600_000);
afterAll(() => large?.drop());

type Query = (db: Database) => Promise<unknown>;

/** Runs a query often enough that its plans are those of a busy server, and returns the buffers of the last run. */
async function buffersOf({ db, takePlans }: WatchedDatabase, query: Query): Promise<number> {
  for (let run = 0; run < 7; run++) await query(db);
  takePlans();
  await query(db);
  return takePlans().reduce((sum, { buffers }) => sum + buffers, 0);
}

async function expectBounded(query: Query, most = MOST_BUFFERS): Promise<void> {
  const buffers = await buffersOf(large.watched, query);
  expect(buffers).toBeGreaterThan(0);
  expect(buffers).toBeLessThan(most);
}

const usual = 50;
const heavy = 1;
/** A patient on many pages about several patients. */
const onManyPages = 2;

describe('a page of the audit log uses few buffers, however many events there are', () => {
  const filters: Readonly<Record<string, Partial<AuditLogFilter>>> = {
    everything: {},
    'a person': { accountId: uuid(usual) as AccountId },
    'a person with many events': { accountId: uuid(heavy) as AccountId },
    'an unknown person': { accountId: uuid(999_999_999) as AccountId },
    'an app': { clientId: 'app-7' },
    'a frequent kind': { kinds: ['read'] },
    'a rare kind': { kinds: ['key'] },
    'several kinds': { kinds: ['key', 'consent', 'approval'] },
    failures: { outcome: 'failure' },
    'a patient': { recordId: usual as RecordId },
    'a patient with many events': { recordId: heavy as RecordId },
    'a patient on many pages about several patients': { recordId: onManyPages as RecordId },
    'an unknown request': { requestId: 'none' },
    'an app and failures': { clientId: 'app-7', outcome: 'failure' },
    'a person and a kind that never match': { accountId: uuid(heavy) as AccountId, kinds: ['key'] },
    'an app and a kind that never match': { clientId: 'app-7', kinds: ['consent'] },
    'a patient and an app that never match': { recordId: heavy as RecordId, clientId: 'app-7' },
    'a day': { from: new Date('2026-06-10'), to: new Date('2026-06-11'), outcome: 'failure', kinds: ['read'] },
  };
  it.each(Object.entries(filters))('%s', async (_name, filter) => {
    await expectBounded((db) => searchAuditLog(db, { from: FROM, to: TO, ...filter }, { after: undefined, limit: 50 }));
  });
});

describe.each([
  ['a usual record', usual, MOST_BUFFERS],
  ['a record with many events', heavy, MOST_BUFFERS],
  ['a record on many pages about several patients', onManyPages, MOST_BUFFERS_OF_PAGES],
])('the access log of %s uses few buffers, however many events there are', (_name, record, most) => {
  const reader = { accountId: uuid(record) as AccountId, recordId: record as RecordId };
  const zone = 'America/New_York';
  const page = (filter: object) => (db: Database) =>
    listAccessLog(db, reader, { zone, ...filter }, { after: undefined, limit: 50 });
  const queries: Readonly<Record<string, Query>> = {
    'all entries': page({}),
    'an app': page({ app: 'app-7' }),
    'an unknown type': page({ types: ['Coverage'] }),
    days: page({ from: '2026-03-01', to: '2026-03-03' }),
    'app, type and days': page({ app: 'app-7', types: ['Patient'], from: '2026-03-01', to: '2026-08-03' }),
    'number of entries': (db) => countAccessLogEntries(db, reader, { zone }),
    'the choice of apps': (db) => listReaderApps(db, reader, undefined),
    'the summary': (db) => summarizeAppReads(db, reader, new Date('2026-11-01'), undefined),
    'the reads of a grant': (db) => findGrantUsage(db, reader, [uuid(3) as GrantId], undefined),
  };
  it.each(Object.entries(queries))('%s', async (_query, query) => {
    await expectBounded(query, most);
  });
});

describe('what a practice sees of its apps uses few buffers, however many events and grants there are', () => {
  const practice = 1 as PracticeId;
  const month = { clientId: undefined, from: new Date('2026-05-31T04:00Z'), until: new Date('2026-07-01T04:00Z') };
  const year = { clientId: 'app-7' as ClientId, from: FROM, until: TO };
  const day = { ...month, from: new Date('2026-06-30T04:00Z') };
  const page = { after: undefined, limit: 50, browser: undefined };
  const after = {
    since: new Date('2026-06-10T04:00Z'),
    clientId: 'app-30',
    recordId: 500,
    accountId: '00000000-0000-0000-0000-000000000000',
  };
  const queries: Readonly<Record<string, Query>> = {
    'a report of an app, a year': (db) => listDisclosures(db, practice, year, page),
    'a report of all apps, a day': (db) => listDisclosures(db, practice, day, page),
    'a report of all apps, 31 days': (db) => listDisclosures(db, practice, month, page),
    'a later page of it': (db) => listDisclosures(db, practice, month, { ...page, after }),
    'the list of apps': (db) => listUsedApps(db, practice, TO, undefined),
  };
  it.each(Object.entries(queries))('%s', async (_name, query) => {
    await expectBounded(query, MOST_BUFFERS_OF_REPORT);
  });
});
