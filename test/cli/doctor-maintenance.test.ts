import { expect, it, onTestFinished } from 'vitest';
import { migrate, openDatabase, startEmbedded } from '../../src/database/index.ts';
import { temporaryFolder } from '../support/database/folders.ts';
import { isOnCluster } from '../support/database/test-database.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { runCli } from '../support/servers/command-line.ts';

const { db, print } = cliDatabase();
/** Has tables and indexes that an operator added. */
const changed = cliDatabase();

interface Finding {
  readonly about: string;
  readonly state: string;
  readonly says: string;
  readonly fix?: string;
}
async function doctor(run: typeof print): Promise<(about: string) => readonly Finding[]> {
  const { out } = await run(['doctor', '--json']);
  const findings = JSON.parse(out) as readonly Finding[];
  return (about) => findings.filter((one) => one.about === about);
}

it('doctor reports the largest tables and that the database needs no maintenance', { timeout: 90_000 }, async () => {
  await db().queryText('analyze', []);
  const of = await doctor(print);
  expect(of('size')).toMatchObject([
    { state: 'fine', says: expect.stringMatching(/MB, most of it in .*\(indexes \d+ %\)/) },
  ]);
  expect(of('vacuum')).toMatchObject([{ state: 'fine' }]);
  expect(of('indexes')).toMatchObject([{ state: 'fine', says: expect.stringMatching(/^(\d+) of the \1 indexes/) }]);
  expect(of('transactions')).toMatchObject([{ state: 'fine' }]);
  expect(of('replication')).toEqual([]);
  expect(of('nodes')).toMatchObject(isOnCluster() ? [{ state: 'fine' }] : []);
  expect(of('statements')).toMatchObject([{ state: 'fine', says: expect.stringContaining('docs/operating.md') }]);
});

it('doctor reports dead rows, old statistics and free space, each with the statement that helps', {
  timeout: 60_000,
}, async () => {
  const { queryText, transaction } = changed.db();
  // PostgreSQL counts the rows when the transaction ends, before the next connection of the pool analyzes them.
  for (const sql of [
    'create table churned (n int) with (autovacuum_enabled = false)',
    'insert into churned select generate_series(1, 30000)',
    'delete from churned',
    'create table sparse (n int) with (fillfactor = 10, autovacuum_enabled = false)',
    'insert into sparse select generate_series(1, 300000)',
    'analyze sparse',
    'create table unknown_rows (n int) with (autovacuum_enabled = false)',
    'insert into unknown_rows select generate_series(1, 30000)',
  ])
    await transaction(async (tx) => {
      await tx.queryText(sql, []);
      await tx.queryText('select pg_stat_force_next_flush()', []);
    });
  const vacuum = (await doctor(changed.print))('vacuum');
  expect(vacuum).toMatchObject([
    {
      state: 'look',
      says: 'autovacuum is off for churned.',
      fix: expect.stringContaining('reset (autovacuum_enabled)'),
    },
    { state: 'look', says: 'autovacuum is off for sparse.' },
    { state: 'look', says: 'autovacuum is off for unknown_rows.' },
    {
      state: 'look',
      says: 'churned has 30000 dead rows and 0 live ones. It has never been vacuumed.',
      fix: expect.stringContaining('vacuum (analyze) churned;'),
    },
    {
      state: 'look',
      says: 'unknown_rows has 30000 changed rows since its statistics were made, so PostgreSQL may choose slow plans.',
      fix: 'Run as its owner: analyze unknown_rows;',
    },
    {
      state: 'look',
      says: expect.stringMatching(/^about 8\d % of the table sparse is free: \d+\.\d MB of \d+\.\d MB\.$/),
      fix: expect.stringContaining('vacuum full sparse;'),
    },
  ]);
  await queryText('drop table churned, sparse, unknown_rows', []);
});

it('doctor reports missing and invalid indexes with the statement that creates them, and unused ones of the operator', {
  timeout: 60_000,
}, async () => {
  const { queryText } = changed.db();
  await queryText('drop index mail_due', []);
  await queryText('create index mail_recipient on mail (recipient)', []);
  await queryText('create table twice (n int); insert into twice values (1), (1)', []);
  await expect(queryText('create unique index concurrently twice_n on twice (n)', [])).rejects.toThrow('twice_n');
  const indexes = (await doctor(changed.print))('indexes');
  expect(indexes).toMatchObject([
    {
      state: 'look',
      says: expect.stringContaining('the index mail_due is missing'),
      fix: 'Run as the owner of the tables: create index concurrently mail_due on mail (next_at) where sent_at is null and failed_at is null and not outbox;',
    },
    {
      state: 'look',
      says: expect.stringContaining('the index twice_n of twice is invalid'),
      fix: expect.stringContaining('drop index concurrently twice_n;'),
    },
    { state: 'fine', says: expect.stringMatching(/Added by you: 1, of which unused since .*: mail_recipient$/) },
  ]);
  await queryText((indexes[0]?.fix ?? '').replace(/^[^:]*: /, ''), []);
  await queryText('drop table twice', []);
  expect((await doctor(changed.print))('indexes')).toMatchObject([{ state: 'fine' }]);
});

it('doctor names the statements that take the most time, and never shows their texts', {
  timeout: 120_000,
}, async () => {
  const dataDir = temporaryFolder();
  const load = async () => {
    const embedded = await startEmbedded({ dataDir, serving: true });
    onTestFinished(() => embedded.stop());
    const { host, port, user, password, database } = embedded.connection;
    const url = `postgres://${user}:${password}@${encodeURIComponent(host)}:${port}/${database}`;
    return { embedded, url };
  };
  const first = await load();
  const before = openDatabase({ connectionString: first.url }, 1);
  await before.queryText("alter system set shared_preload_libraries = 'pg_stat_statements'", []);
  await before.close();
  await first.embedded.stop();
  const { url } = await load();
  await migrate({ connectionString: url });
  const own = openDatabase({ connectionString: url }, 1);
  onTestFinished(() => own.close());
  await own.queryText('create extension pg_stat_statements', []);
  await own.queryText("create role guest password 'hidden-value'", []);
  const run: typeof print = (words) => runCli(words, { DATABASE_URL: url, SANDBOX: 'off' });
  await doctor(run);
  const statements = (await doctor(run))('statements');
  expect(statements).toMatchObject([
    { state: 'fine', says: expect.stringMatching(/^most time since .*(doctor\.|queryid )/) },
    { state: 'fine', says: expect.stringMatching(/^slowest on average: .*doctor\.database [\d.]+ ms \(\d+ calls\)/) },
  ]);
  expect(JSON.stringify(statements)).not.toContain('hidden-value');
});
