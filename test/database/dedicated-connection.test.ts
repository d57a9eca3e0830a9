import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/index.ts';
import { testDatabase } from '../support/database/test-database.ts';

/** The pool has one connection, so that one transaction occupies it. */
let db: Database;
beforeAll(() => {
  db = openDatabase({ connectionString: testDatabase() }, 1);
});
afterAll(() => db.close());

describe('a query on the dedicated connection', () => {
  it('doesn’t wait for transactions that hold the other connections', async () => {
    const apart = db.dedicatedConnection();
    await db.transaction(async () => {
      expect(await apart.queryText('select 1 as one', [])).toEqual([{ one: 1 }]);
    });
  });

  it('sees what is committed, and nothing uncommitted', async () => {
    const apart = db.dedicatedConnection();
    const count = async () =>
      (
        await apart.queryText<{ n: number }>("select count(*)::int as n from pg_class where relname = 'made_apart'", [])
      )[0]?.n;
    await db.transaction(async (tx) => {
      await tx.queryText('create table made_apart ()', []);
      expect(await count()).toBe(0);
    });
    expect(await count()).toBe(1);
    await db.queryText('drop table made_apart', []);
  });

  it('is sent with others, and gets its own result or its own error', async () => {
    const apart = db.dedicatedConnection();
    const divide = (by: number) => apart.queryText<{ own: number }>('select 12 / $1::int as own', [by], 'divide');
    const results = await Promise.allSettled([1, 2, 0, 3, 4].map(divide));
    expect(results.map((one) => (one.status === 'fulfilled' ? one.value[0]?.own : one.reason.code))).toEqual([
      12,
      6,
      '22012',
      4,
      3,
    ]);
  });

  it('has a time limit of its own', async () => {
    const apart = db.dedicatedConnection({ readTimeout: 20 });
    const [slow, quick] = [apart.queryText('select pg_sleep(60)', []), apart.queryText('select 1 as one', [])];
    await expect(slow).rejects.toMatchObject({ code: '57014' });
    expect(await quick).toEqual([{ one: 1 }]);
  });

  it('has its time limit also if PostgreSQL has a longer one, as behind a pooler', async () => {
    const connectionString = `${testDatabase()}?statement_timeout=60000`;
    const own = openDatabase({ connectionString }, 1);
    const apart = own.dedicatedConnection({ readTimeout: 20 });
    const [slow, quick] = [apart.queryText('select pg_sleep(60)', []), apart.queryText('select 1 as one', [])];
    await expect(slow).rejects.toMatchObject({ code: '57014' });
    expect(await quick).toEqual([{ one: 1 }]);
    await own.close();
  });

  it('counts as failed if it may have written and was canceled, although PostgreSQL reports success', async () => {
    const connectionString = `${testDatabase()}?statement_timeout=60000`;
    const own = openDatabase({ connectionString }, 1);
    const ignoresCancel = `do $$ begin perform pg_sleep(60); exception when query_canceled then null; end $$`;
    const [read, write] = [{ readTimeout: 20 }, { writeTimeout: 20 }].map((limit) => own.dedicatedConnection(limit));
    expect(await read?.queryText(ignoresCancel, [])).toEqual([]);
    await expect(write?.queryText(ignoresCancel, [])).rejects.toMatchObject({ code: '57014' });
    expect(await write?.queryText('select 1 as one', [])).toEqual([{ one: 1 }]);
    await own.close();
  });

  it('gets a new connection when its own is cut', async () => {
    const apart = db.dedicatedConnection();
    const cut = apart.queryText('select pg_terminate_backend(pg_backend_pid())', []);
    await expect(cut).rejects.toMatchObject({ code: expect.stringMatching(/^(57P01|08006)$/) });
    expect(await apart.queryText('select 1 as one', [])).toEqual([{ one: 1 }]);
  });

  it('closes its connection when it isn’t used, and opens another one for the next query', async () => {
    const apart = db.dedicatedConnection({ idleTimeout: 1 });
    const backend = async () => (await apart.queryText<{ pid: number }>('select pg_backend_pid() as pid', []))[0]?.pid;
    const first = await backend();
    await expect
      .poll(() => db.queryText('select from pg_stat_activity where pid = $1', [first]), { interval: 5 })
      .toEqual([]);
    expect(await backend()).not.toBe(first);
  });

  it('keeps its connection while a query runs for longer than the idle time, and closes it later', async () => {
    const apart = db.dedicatedConnection({ idleTimeout: 1 });
    const backend = async (seconds: number) =>
      (await apart.queryText<{ pid: number }>('select pg_backend_pid() as pid, pg_sleep($1)::text', [seconds]))[0]?.pid;
    const slow = backend(0.05);
    await db.queryText('select pg_sleep(0.02)', []);
    const pid = await slow;
    expect(await backend(0)).toBe(pid);
    await expect
      .poll(() => db.queryText('select from pg_stat_activity where pid = $1', [pid]), { interval: 5 })
      .toEqual([]);
  });

  it('ends with the database, after its last statement', async () => {
    const own = openDatabase({ connectionString: testDatabase() }, 1);
    const apart = own.dedicatedConnection();
    await apart.queryText('select 1', []);
    const last = apart.queryText("select 'last' as one, pg_sleep(0.05)::text", []);
    await own.close();
    expect(await last).toMatchObject([{ one: 'last' }]);
    await expect(apart.queryText('select 1', [])).rejects.toThrow();
  });
});
