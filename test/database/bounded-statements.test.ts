import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../src/database/index.ts';
import { runDisconnects } from '../support/database/disconnects.ts';
import { findPgbouncer, startPgbouncer } from '../support/database/pgbouncer.ts';
import { testDatabase } from '../support/database/test-database.ts';
import { until } from '../support/runs/until.ts';

let db: Database;
beforeAll(() => {
  db = openDatabase({ connectionString: testDatabase() }, 1);
});
afterAll(() => db.close());

const waited = new AbortController().signal;
const LONG = 'select pg_sleep(60) as within_bounds';

const running = async (watch: Database) =>
  watch.queryText("select from pg_stat_activity where state = 'active' and query = $1", [LONG]);

describe('a bounded statement', () => {
  it('returns the same as any other', async () => {
    const rows = await db.withLimits({ signal: waited, milliseconds: 5000 }).queryText('select 1 as one', []);
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('is canceled after its time limit, and leaves its connection as it was', async () => {
    const slow = db.withLimits({ signal: waited, milliseconds: 20 }).queryText(LONG, []);
    await expect(slow).rejects.toMatchObject({ code: '57014' });
    expect(await db.queryText('select 1 as one', [])).toEqual([{ one: 1 }]);
  });

  it('is canceled when its caller disconnects, and the caller’s reason is thrown', async () => {
    const watch = openDatabase({ connectionString: testDatabase() }, 1);
    onTestFinished(() => watch.close());
    const leaving = new AbortController();
    const slow = db.withLimits({ signal: leaving.signal }).queryText(LONG, []);
    await until(async () => (await running(watch)).length === 1);
    leaving.abort(new Error('gone'));
    await expect(slow).rejects.toThrow('gone');
    expect(await running(watch)).toEqual([]);
  });

  it('that writes fails after its time limit, even if PostgreSQL reports success', async () => {
    // As after a wait for a synchronous standby, which a cancel request ends without an error.
    const canceled = 'do $$ begin perform pg_sleep(60); exception when query_canceled then null; end $$';
    const limits = { signal: waited, milliseconds: 20 };
    await expect(db.withLimits(limits).queryText(canceled, [])).resolves.toEqual([]);
    const writing = db.withLimits({ ...limits, writes: true }).queryText(canceled, []);
    await expect(writing).rejects.toMatchObject({ code: '57014' });
  });

  it('isn’t run for a caller who disconnected while it waited for a connection', async () => {
    const leaving = new AbortController();
    let late: Promise<unknown> | undefined;
    await db.transaction(async () => {
      late = db.withLimits({ signal: leaving.signal }).queryText(LONG, []);
      leaving.abort(new Error('gone'));
    });
    await expect(late).rejects.toThrow('gone');
  });
});

const program = findPgbouncer();

describe('statements of other callers, while some disconnect', () => {
  it('return their own rows each', async () => {
    const wide = openDatabase({ connectionString: testDatabase() }, 6);
    onTestFinished(() => wide.close());
    const { failures, answered, others } = await runDisconnects(wide, 200);
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(20);
    expect(others).toBeGreaterThan(50);
  });

  it.skipIf(program === undefined)('return through PgBouncer in transaction mode, too', async () => {
    const pooler = await startPgbouncer(program ?? '', testDatabase(), 3);
    const wide = openDatabase({ connectionString: pooler.url }, 6);
    onTestFinished(async () => {
      await wide.close();
      await pooler.close();
    });
    const { failures } = await runDisconnects(wide, 200);
    expect(failures).toEqual([]);
  });
});
