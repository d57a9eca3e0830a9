import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { openDatabase } from '../../src/database/index.ts';
import { addBackendApp, LIVE, SANDBOX } from '../fhir/export/export-client.ts';
import { explainAll, type StatementPlan, type WatchedDatabase, watchedDatabase } from '../support/database/plans.ts';
import { getFhir, R4 } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

/** Number of resources. POLL_ROWS=10000000 takes half an hour. */
const ROWS = Number(process.env['POLL_ROWS'] ?? 1_000_000);
const A_RECORD = 500;

let server: TestServer;
let watched: WatchedDatabase;
let app: Awaited<ReturnType<typeof createApp>>;
let tokens: { readonly one: string; readonly two: string };

beforeAll(async () => {
  server = await startServer();
  await grow(server);
  await explainAll(server.db, new URL(server.databaseUrl).pathname.slice(1));
  watched = await watchedDatabase(server.databaseUrl);
  app = await createApp(server.config, watched.db, { clock: server.clock, logTo: { write() {} } });
  await app.upgradeRecords();
  tokens = {
    one: await (await addBackendApp(server, { practiceIds: [SANDBOX] })).token(),
    two: await (await addBackendApp(server, { practiceIds: [SANDBOX, LIVE] })).token(),
  };
}, 3_600_000);
afterAll(async () => {
  await app?.app.close();
  await watched?.close();
  await server?.close();
});

/**
 * Inserts minimal Observations for many records of two practices, with one last-updated time for each second until now.
 */
async function grow({ databaseUrl }: TestServer): Promise<void> {
  const url = new URL(databaseUrl);
  // Disables the statement timeout.
  const db = openDatabase({ connectionString: url.href }, 1);
  await db.queryText('set statement_timeout = 0', []);
  const records = Math.ceil(ROWS / A_RECORD);
  await db.queryText(
    `insert into record (record_id, practice_id, patient_id, indexed_by, conversion_version)
     select n, case when n % 10 = 0 then ${LIVE} else ${SANDBOX} end, gen_random_uuid(), 1000, 1000
     from generate_series(1, ${records}) n`,
    [],
  );
  const template = `select r.dates, r.flags, r.codes from resource r
      where r.type = 'Observation' and r.content::jsonb ->> 'status' = 'final' limit 1`;
  await db.queryText(
    `insert into resource (record_id, practice_id, type, id, version, last_updated, sort_at, digest, dates, flags, codes,
       content, indexed_by)
     select o.record_id, o.practice_id, 'Observation', gen_random_uuid(), 1, now() - n * interval '1 second',
       now() - n * interval '1 hour', '\\x00', t.dates, t.flags, t.codes,
       '{"resourceType":"Observation","id":"x","status":"final"}', 1000
     from generate_series(1, ${ROWS}) n
     join record o on o.record_id = 1 + (n % ${records}) cross join (${template}) t`,
    [],
  );
  await db.queryText('vacuum analyze', []);
  await db.close();
}

async function ranAt(
  path: string,
  token: string,
): Promise<{ readonly ran: StatementPlan; readonly found: number; next: string }> {
  watched.takePlans();
  const answer = await getFhir(
    app.app,
    path.startsWith('http') ? path.replace(/^https?:\/\/[^/]+/, '') : `${R4}${path}`,
    token,
  );
  expect(answer.statusCode, answer.body).toBe(200);
  // A search patient by patient has a statement for the list of records, and others for their resources.
  const all = watched.takePlans().filter(({ text }) => /as position|"recordId"|as home/.test(text));
  expect(all).not.toEqual([]);
  const { entry = [], link } = answer.json();
  const next = link.find(({ relation }: { relation: string }) => relation === 'next')?.url ?? '';
  const ran = {
    ...(all[0] as StatementPlan),
    buffers: all.reduce((sum, { buffers }) => sum + buffers, 0),
    indexes: all.flatMap(({ indexes }) => indexes),
    scannedTables: all.flatMap(({ scannedTables }) => scannedTables),
  };
  return { ran, found: entry.length, next };
}

const encoded = (cursor: readonly unknown[]) => Buffer.from(JSON.stringify(cursor)).toString('base64url');
const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

describe.each(['one', 'two'] as const)(
  `searches by _lastUpdated over practices of ${ROWS} resources, token of %s`,
  (name) => {
    it('a poll without new data reads a few pages', async () => {
      const { ran, found } = await ranAt(`/Observation?_lastUpdated=ge${later(3600)}`, tokens[name]);
      expect(found).toBe(0);
      // A page without matches is one row.
      expect(ran.sorted).toBeLessThanOrEqual(1);
      expect(ran.scannedTables).not.toContain('resource');
      expect(ran.indexes).toContain('resource_practice');
      expect(ran.buffers).toBeLessThan(50);
    });

    it.each([
      ['with more than a page of 50 new resources', '_lastUpdated=ge2000-01-01'],
      ['with less than a page', `_lastUpdated=gt${later(-40)}`],
      ['in the order of changes', '_sort=-_lastUpdated'],
      ['filtered by status', '_sort=-_lastUpdated&status=final'],
      ['from the oldest on', '_lastUpdated=ge2000-01-01&_sort=_lastUpdated'],
    ])('a poll %s reads only the rows of its page', async (_case, search) => {
      const { ran, found, next } = await ranAt(`/Observation?${search}&_count=50`, tokens[name]);
      expect(found).toBeGreaterThan(0);
      expect(ran.scannedTables).not.toContain('resource');
      expect(ran.indexes).toContain('resource_practice');
      expect(ran.buffers).toBeLessThan(300);
      if (found < 50) return;
      const later = await ranAt(next, tokens[name]);
      expect(later.found).toBe(50);
      expect(later.ran.buffers).toBeLessThan(300);
      if (search.includes('gt')) return;
      const position = new Date(Date.now() - ROWS * 500).toISOString().replace('T', ' ').replace('Z', '+00');
      const cursor = new URL(next).searchParams.get('_cursor') ?? '';
      const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
      for (const practice of name === 'one' ? [] : [SANDBOX, LIVE]) {
        const moved = parts.with(1, position).with(6, practice);
        const far = await ranAt(next.replace(cursor, encoded(moved)), tokens[name]);
        expect(far.found).toBe(50);
        expect(far.ran.buffers).toBeLessThan(300);
      }
      if (name === 'two') return;
      const far = await ranAt(next.replace(cursor, encoded(parts.with(1, position))), tokens[name]);
      expect(far.found).toBe(50);
      expect(far.ran.buffers).toBeLessThan(300);
    });
  },
);

describe.each(['one', 'two'] as const)(
  `searches patient by patient over practices of ${ROWS} resources, token of %s`,
  (name) => {
    it.each(['', '&status=final'])(
      'a page with the condition “%s” reads only the patients of its page',
      async (condition) => {
        const first = await ranAt(`/Observation?_count=50${condition}`, tokens[name]);
        const second = await ranAt(first.next, tokens[name]);
        for (const { ran, found } of [first, second]) {
          expect(found).toBe(50);
          expect(ran.scannedTables).not.toContain('resource');
          expect(ran.indexes).toContain('record_practice_patient');
          expect(ran.buffers).toBeLessThan(300);
        }
      },
    );
  },
);

it(`a start finds in a few page reads that ${ROWS} resources are in the format of this release`, async () => {
  watched.takePlans();
  await app.upgradeRecords();
  const all = watched.takePlans();
  expect(all.length).toBeGreaterThan(0);
  expect(all.reduce((sum, { buffers }) => sum + buffers, 0)).toBeLessThan(100);
});
