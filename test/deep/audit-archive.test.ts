import { statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listArchive } from '../../src/audit/archive/archive-files.ts';
import { verifyAuditLog } from '../../src/audit/index.ts';
import { createKeeper, daysAgo } from '../audit/audit-keeper.ts';
import { type EmptyDatabase, emptyDatabase } from '../support/database/empty-database.ts';
import { temporaryFolder } from '../support/database/folders.ts';
import { testDatabase } from '../support/database/test-database.ts';

const EVENTS = 2_000_000;
/** Bytes by which the memory of the process may grow. All events of the day together have about 700 MB. */
const MEMORY = 150e6;

let database: EmptyDatabase;
beforeAll(async () => {
  database = await emptyDatabase(testDatabase());
  const { db } = database;
  const noon = daysAgo(3);
  await db.queryText(`select create_audit_partition('${noon.toISOString().slice(0, 10)}')`, []);
  // Each statement stays below the time limit of a connection.
  for (let part = 0; part < 20; part++)
    await db.queryText(
      `insert into audit_event (at, id, kind, outcome, request_id, record_id, account_id, client_id, grant_id, type,
         resources, detail, family_id)
       select $1::timestamptz - interval '12 hours' + n * interval '43 milliseconds', gen_random_uuid(), 'search', 'success',
         gen_random_uuid()::text, n % 5000, md5((n % 4000)::text)::uuid, 'client-' || n % 50, md5((n % 9000)::text)::uuid,
         'Observation', n % 100, '{"parameters": ["category", "patient"], "api": "r4"}', md5((n % 9000)::text)
       from generate_series($2::int, $3::int - 1) n`,
      [noon, (part * EVENTS) / 20, ((part + 1) * EVENTS) / 20],
    );
}, 600_000);
afterAll(() => database.close());

it('two million events of a day are sealed, archived and verified with little memory', {
  timeout: 1_200_000,
}, async () => {
  const { db } = database;
  const folder = temporaryFolder();
  const before = process.memoryUsage.rss();
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss() - before);
  }, 50);
  const keeper = createKeeper(db, folder);
  await keeper.keep();
  const verified = await verifyAuditLog(db, { folder, since: undefined, digest: undefined });
  clearInterval(timer);
  expect(verified).toMatchObject({ events: EVENTS, problems: [] });
  expect(most).toBeLessThan(MEMORY);
  const sizes = (await listArchive(folder)).map(({ base }) => statSync(path.join(`${base}.ndjson.zst`)).size);
  expect(Math.max(...sizes)).toBeLessThan(EVENTS * 150);
});
