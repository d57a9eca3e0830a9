import { readFile } from 'node:fs/promises';
import { getConstructionPlans } from 'pg-boss';
import { expect, it } from 'vitest';
import { QUEUES } from '../../src/jobs/queues.ts';
import { emptyDatabase } from '../support/database/empty-database.ts';
import { testDatabase } from '../support/database/test-database.ts';

const bare = (sql: string): string =>
  sql
    .replace(/^--.*$/gm, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?;[; ]*/g, '; ')
    .trim();

it('the migration installs the schema of the pg-boss that is installed', async () => {
  const migration = await readFile(new URL('../../src/database/migrations/022_jobs.sql', import.meta.url), 'utf8');
  const plan = bare(getConstructionPlans('pgboss'));
  // The migration doesn't contain the transaction and the lock of pg-boss, because migrations have their own.
  const body = plan.slice(plan.indexOf('CREATE SCHEMA'), plan.lastIndexOf('COMMIT'));
  expect(bare(migration).startsWith(body.trim())).toBe(true);
});

it('there is a queue for each worker, and its jobs have a time limit and a heartbeat', async () => {
  const { db, close } = await emptyDatabase(testDatabase());
  const rows = await db.queryText<{ name: string }>(
    "select name from pgboss.queue where policy = 'stately' and heartbeat_seconds = 30 and expire_seconds <= 86400 and not partition",
    [],
  );
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(QUEUES).sort());
  await close();
});
