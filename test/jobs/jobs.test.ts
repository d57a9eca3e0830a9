import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../src/database/index.ts';
import { toBossDatabase } from '../../src/jobs/boss-database.ts';
import {
  type JobFailure,
  type JobHandler,
  type JobRunner,
  type JobSchedule,
  PermanentJobFailure,
  type QueueName,
  sendJob,
  sendJobs,
  startJobs,
} from '../../src/jobs/index.ts';
import { type EmptyDatabase, emptyDatabase } from '../support/database/empty-database.ts';
import { findPgbouncer, startPgbouncer } from '../support/database/pgbouncer.ts';
import { testDatabase } from '../support/database/test-database.ts';
import { until } from '../support/runs/until.ts';

let database: EmptyDatabase;
let db: Database;
let url: string;
let failures: JobFailure[];
let errors: string[];
let runners: JobRunner[];
beforeEach(async () => {
  database = await emptyDatabase(testDatabase());
  ({ db } = database);
  const [row] = await db.queryText<{ name: string }>('select current_database() as name', []);
  url = Object.assign(new URL(testDatabase()), { pathname: `/${row?.name}` }).href;
  [failures, errors, runners] = [[], [], []];
});
afterEach(async () => {
  await Promise.all(runners.map((one) => one.stop()));
  await database.close();
});

async function run(
  handlers: Partial<Record<QueueName, JobHandler>>,
  { database = db, schedules = [] }: { database?: Database; schedules?: readonly JobSchedule[] } = {},
): Promise<JobRunner> {
  const runner = await startJobs({
    db: database,
    handlers,
    schedules,
    onFailure: (failure) => failures.push(failure),
    onError: (error) => errors.push(error),
  });
  runners.push(runner);
  return runner;
}

interface StoredJob {
  readonly name: string;
  readonly state: string;
  readonly id: string;
  readonly output: unknown;
  readonly wait: number;
  readonly source_name: string | null;
}
const jobs = (where = 'true') =>
  db.queryText<StoredJob>(
    `select name, state::text, data->>'id' as id, output, extract(epoch from start_after - now())::float8 as wait, source_name
     from pgboss.job where ${where} order by created_on`,
    [],
  );
const settled = (id: string, state: string) =>
  until(async () => (await jobs(`data->>'id' = '${id}' and state = '${state}'`)).length > 0);

describe('a job', () => {
  it('is sent in the transaction of its cause, and never runs if that rolls back', async () => {
    const undone = db.transaction(async (tx) => {
      await sendJob(tx, 'export', 'undone');
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await db.transaction((tx) => sendJob(tx, 'export', 'done'));
    const ran: string[] = [];
    await run({ export: async (id) => void ran.push(id) });
    await settled('done', 'completed');
    expect(ran).toEqual(['done']);
    expect(await jobs()).toHaveLength(1);
  });

  it('is not added again while one with its id is pending, but can be while one with its id runs', async () => {
    await sendJob(db, 'export', 'a');
    await sendJob(db, 'export', 'a');
    await sendJobs(db, 'export', ['a', 'b']);
    expect((await jobs()).map(({ id }) => id)).toEqual(['a', 'b']);
    let again = 0;
    await run({
      async export(id) {
        if (id !== 'a' || again > 0) return;
        again += 1;
        await sendJob(db, 'export', 'a');
      },
    });
    await until(async () => (await jobs("state = 'completed'")).length === 3);
    expect(again).toBe(1);
  });

  it('runs after jobs with a higher priority, and not before its delay has passed', async () => {
    await sendJob(db, 'export', 'low');
    await sendJob(db, 'export', 'high', { priority: 1 });
    await sendJob(db, 'export', 'later', { delay: 60_000 });
    const ran: string[] = [];
    await run({ export: async (id) => void ran.push(id) });
    await until(async () => ran.length === 2);
    await pause(1200);
    expect(ran).toEqual(['high', 'low']);
  });

  it('that fails is retried with growing delays, then becomes a dead letter; only the name of its error is stored', async () => {
    await db.queryText("update pgboss.queue set retry_limit = 2, retry_delay = 20 where name = 'export'", []);
    await sendJob(db, 'export', 'bad');
    await run({
      async export() {
        throw Object.assign(new Error('Jane Stone has no address jane@example.org'), { code: '23505', detail: 'Jane' });
      },
    });
    const waits: number[] = [];
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await until(async () => failures.length === attempt + 1 && (await jobs("state = 'retry'")).length === 1);
      waits.push((await jobs("state = 'retry'"))[0]?.wait ?? 0);
      await db.queryText("update pgboss.job set start_after = now() where state = 'retry'", []);
    }
    // The delay doubles with each attempt. A random part of up to the same length is added.
    expect(waits[0]).toBeGreaterThan(18);
    expect(waits[0]).toBeLessThan(40);
    expect(waits[1]).toBeGreaterThan(38);
    await settled('bad', 'failed');
    const [failed, letter] = await jobs();
    expect({ output: failed?.output, name: letter?.name, id: letter?.id, sourceName: letter?.source_name }).toEqual({
      output: { error: '23505' },
      name: 'dead-letter',
      id: 'bad',
      sourceName: 'export',
    });
    expect(failures).toEqual(Array(3).fill({ queue: 'export', id: 'bad', error: '23505' }));
    expect(JSON.stringify(await db.queryText('select to_jsonb(j) as row from pgboss.job j', []))).not.toContain('Jane');
  });

  it('that can never succeed becomes a dead letter at once', async () => {
    await sendJob(db, 'export', 'gone');
    await run({
      async export() {
        throw new PermanentJobFailure('too many attempts', Object.assign(new Error('x'), { code: 'timeout' }));
      },
    });
    await settled('gone', 'failed');
    expect((await jobs("name = 'dead-letter'")).map(({ id }) => id)).toEqual(['gone']);
    expect(failures).toEqual([{ queue: 'export', id: 'gone', error: 'timeout' }]);
  });

  it('that fails or takes long does not delay jobs of other queues', async () => {
    await sendJobs(db, 'maintenance', ['bad', 'good']);
    await sendJob(db, 'export', 'long');
    await sendJobs(db, 'email', ['1', '2', '3', '4', '5', '6', '7']);
    const { promise, resolve } = Promise.withResolvers<void>();
    const ran: string[] = [];
    await run({
      async maintenance(id) {
        if (id === 'bad') throw new Error('bad');
        ran.push(id);
      },
      export: () => promise,
      email: async (id) => void ran.push(id),
    });
    await until(async () => ran.length === 8);
    expect(ran.sort()).toEqual(['1', '2', '3', '4', '5', '6', '7', 'good']);
    resolve();
  });
});

describe('several processes', () => {
  it('share a queue, and run each job once', async () => {
    // One process would take longer for all jobs than the other one waits before it looks for jobs.
    const ids = Array.from({ length: 60 }, (_, index) => `job-${index}`);
    const ran: [number, string][] = [];
    for (const process of [1, 2])
      await run({
        async export(id) {
          await pause(30);
          ran.push([process, id]);
        },
      });
    await sendJobs(db, 'export', ids);
    await until(async () => ran.length >= ids.length && (await jobs("state = 'completed'")).length === ids.length);
    expect(ran.map(([, id]) => id).sort()).toEqual([...ids].sort());
    expect(new Set(ran.map(([process]) => process)).size).toBe(2);
  });

  it('take over the job of a killed process half a minute after its last heartbeat', async () => {
    await sendJob(db, 'export', 'left');
    await db.queryText(
      "update pgboss.job set state = 'active', started_on = now(), heartbeat_on = now() - interval '29 seconds'",
      [],
    );
    const boss = new PgBoss({ db: toBossDatabase(db), migrate: false, supervise: false, schedule: false });
    await boss.start();
    onTestFinished(() => boss.stop());
    const ran: string[] = [];
    await run({ export: async (id) => void ran.push(id) });
    await db.queryText('update pgboss.queue set monitor_on = null, monitor_claim_on = null', []);
    await boss.supervise('export');
    expect((await jobs())[0]?.state).toBe('active');
    await db.queryText(
      "update pgboss.job set heartbeat_on = now() - interval '31 seconds', retry_delay = 0 where state = 'active'",
      [],
    );
    await db.queryText('update pgboss.queue set monitor_on = null, monitor_claim_on = null', []);
    await boss.supervise('export');
    await until(async () => ran.length === 1);
    expect(ran).toEqual(['left']);
  });

  it('that stop finish their running jobs, and start no others', async () => {
    await sendJobs(db, 'export', ['first', 'second']);
    const { promise, resolve } = Promise.withResolvers<void>();
    const ran: string[] = [];
    const runner = await run({
      async export(id) {
        ran.push(id);
        await promise;
      },
    });
    await until(async () => ran.length === 1);
    let isStopped = false;
    const stopped = runner.stop().then(() => {
      isStopped = true;
    });
    await pause(300);
    expect(isStopped).toBe(false);
    resolve();
    await stopped;
    expect((await jobs()).map(({ state }) => state).sort()).toEqual(['completed', 'created']);
    expect(ran).toHaveLength(1);
  });
});

describe('schedules', () => {
  const stored = () => db.queryText('select key, cron from pgboss.schedule order by key', []);

  it('in the database are those of the release that started last', async () => {
    await run(
      {},
      {
        schedules: [
          { name: 'a', cron: '7 * * * *' },
          { name: 'b', cron: '7 * * * *' },
        ],
      },
    );
    await run(
      {},
      {
        schedules: [
          { name: 'b', cron: '*/5 * * * *' },
          { name: 'c', cron: '7 * * * *' },
        ],
      },
    );
    expect(await stored()).toEqual([
      { key: 'b', cron: '*/5 * * * *' },
      { key: 'c', cron: '7 * * * *' },
    ]);
  });
});

describe('the server', () => {
  it('changes no schema: a role that may only read and write rows can run jobs', async () => {
    const role = `jobs_${randomBytes(6).toString('hex')}`;
    await db.queryText(
      `create role ${role} login password 'secret';
       grant usage on schema pgboss to ${role};
       grant select, insert, update, delete on all tables in schema pgboss to ${role};
       grant execute on all functions in schema pgboss to ${role}`,
      [],
    );
    const limited = openDatabase({
      connectionString: Object.assign(new URL(url), { username: role, password: 'secret' }).href,
    });
    onTestFinished(async () => {
      const admin = openDatabase({ connectionString: testDatabase() }, 1);
      await admin.queryText(`drop role ${role}`, []);
      await admin.close();
    });
    const ran: string[] = [];
    const runner = await run(
      { export: async (id) => void ran.push(id) },
      { database: limited, schedules: [{ name: 'a', cron: '7 * * * *' }] },
    );
    await sendJob(limited, 'export', 'one');
    await until(async () => ran.length === 1);
    await runner.stop();
    expect(errors).toEqual([]);
    await limited.close();
    await db.queryText(`drop owned by ${role}`, []);
  });

  it('of another release than the queues reports that at start', async () => {
    await db.queryText('update pgboss.version set version = version + 1', []);
    await expect(run({})).rejects.toThrow(/another release/);
  });

  const program = findPgbouncer();
  it.skipIf(program === undefined)('runs jobs through PgBouncer in transaction mode', async () => {
    const pooler = await startPgbouncer(program ?? '', url, 2);
    const pooled = openDatabase({ connectionString: pooler.url });
    const ran: string[] = [];
    const runner = await run({ export: async (id) => void ran.push(id) }, { database: pooled });
    await pooled.transaction((tx) => sendJob(tx, 'export', 'pooled'));
    await until(async () => (await jobs("state = 'completed'")).length === 1);
    await runner.stop();
    expect({ ran, errors }).toEqual({ ran: ['pooled'], errors: [] });
    await pooled.close();
    await pooler.close();
  });
});
