import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { createAuditLog } from '../../src/audit/index.ts';
import { migrate, openDatabase } from '../../src/database/index.ts';
import { systemRandom } from '../../src/kernel/index.ts';
import { emptyDatabase } from '../support/database/empty-database.ts';
import { testDatabase } from '../support/database/test-database.ts';
import { WAITING_FOR_LOCK } from '../support/database/waiting-for-lock.ts';

it('processes that start at once migrate the schema one after the other, and none fails', async () => {
  let url = '';
  const { db, close } = await emptyDatabase(testDatabase(), async (made) => {
    url = made;
  });
  const done = await Promise.all(Array.from({ length: 6 }, () => migrate({ connectionString: url })));
  const ran = await db.queryText<{ name: string }>('select name from schema_migration order by run_on, id', []);
  expect(ran.length).toBeGreaterThan(10);
  expect(ran.map(({ name }) => name)).toEqual(done.flat().toSorted());
  await close();
});

/** Runs statements on a separate connection, in a transaction that stays open until the test ends. */
async function inOpenTransaction(url: string, ...statements: readonly string[]): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  for (const text of ['begin', ...statements]) await client.query(text);
  return client;
}

it('a start on a current schema waits for no lock and takes none', async () => {
  let url = '';
  const { close } = await emptyDatabase(testDatabase(), async (made) => {
    url = made;
    await migrate({ connectionString: made });
  });
  onTestFinished(close);
  // The advisory lock of earlier releases, which PgBouncer may leave behind, and a lock on the migration table that
  // allows others only to read it.
  await inOpenTransaction(url, 'select pg_advisory_lock(7241865325823964)', 'lock schema_migration in exclusive mode');
  expect(await migrate({ connectionString: url })).toEqual([]);
});

it('a migration that is killed leaves no lock, and the next start runs it', async () => {
  let url = '';
  const { db, close } = await emptyDatabase(testDatabase(), async (made) => {
    url = made;
  });
  onTestFinished(close);
  // The first migration creates this table too, so it waits until this transaction ends.
  const other = await inOpenTransaction(url, 'create table practice (practice_id int)');
  const stopped = migrate({ connectionString: url }).catch((error: unknown) => error);
  const waiting = `select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like '%create table practice%'`;
  await expect.poll(() => db.queryText(waiting, [])).toHaveLength(1);
  await db.queryText(`select pg_terminate_backend(pid) from (${waiting}) one`, []);
  expect(await stopped).toBeInstanceOf(Error);
  const locks = `select from pg_locks where locktype = 'advisory'
    and database = (select oid from pg_database where datname = current_database())`;
  expect(await db.queryText(locks, [])).toEqual([]);
  await other.query('rollback');
  expect((await migrate({ connectionString: url }))[0]).toBe('001_foundation');
});

it('processes that miss a partition of the audit log at once take turns to create it, and none fails', async () => {
  let url = '';
  const { db, close } = await emptyDatabase(testDatabase(), async (made) => {
    url = made;
    await migrate({ connectionString: made });
  });
  onTestFinished(close);
  const other = openDatabase({ connectionString: url });
  onTestFinished(() => other.close());
  const clock = { now: () => new Date('2031-12-31T23:00:00Z') };
  const first = createAuditLog({ db, clock, random: systemRandom });
  const second = createAuditLog({ db: other.dedicatedConnection(), clock, random: systemRandom });
  const event = { kind: 'consent', outcome: 'success' } as const;
  let others: readonly Promise<unknown>[] = [];
  await db.transaction(async (tx) => {
    await first.appendInTransaction(tx, event);
    others = [second.append(event), other.transaction((own) => second.appendInTransaction(own, event))];
    await expect.poll(() => db.queryText(WAITING_FOR_LOCK, [])).toHaveLength(2);
  });
  await Promise.all(others);
  expect(await db.queryText('select count(*)::int4 as events from audit_event_2031_12', [])).toEqual([{ events: 3 }]);
});
