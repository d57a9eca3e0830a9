import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkIndexes } from '../../src/cli/doctor/check-indexes.ts';
import { checkNodes } from '../../src/cli/doctor/check-nodes.ts';
import { checkReplica } from '../../src/cli/doctor/check-replica.ts';
import { checkSize } from '../../src/cli/doctor/check-size.ts';
import { checkVacuum } from '../../src/cli/doctor/check-vacuum.ts';
import { readConfig } from '../../src/config/index.ts';
import {
  type Database,
  DISTRIBUTED_TABLES,
  findDistributedTables,
  migrate,
  openDatabase,
  RECORD_TABLES,
  RELEASE_TRIGGERS,
  readTableLayout,
  readTableSizes,
} from '../../src/database/index.ts';
import { type CitusDatabase, citusDatabase } from '../support/database/citus.ts';
import { distribute, HAS_NO_CLUSTER, withCluster } from '../support/database/cluster.ts';
import { describeTables, digestRows } from '../support/database/table-digests.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { runCli } from '../support/servers/command-line.ts';

describe('without a cluster', () => {
  const plain = cliDatabase();

  it.each([[[]], [['--dry-run']], [['--block-writes']]])(
    'citus distribute %j says that Citus isn’t loaded',
    async (options) => {
      const { code, out, err } = await plain.print(['citus', 'distribute', ...options]);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain("The tables can't be distributed: Citus isn't loaded. Install it on each node");
      expect(await describeTriggers(plain.db())).toEqual(['projection', 'resource']);
    },
  );
  it('citus undistribute has nothing to do', async () => {
    const dry = await plain.print(['citus', 'undistribute', '--dry-run']);
    expect(dry).toMatchObject({ code: 0, out: '-- Nothing to do.\n' });
    expect(await plain.run('citus', 'undistribute')).toMatchObject({ code: 0, answer: { undistributed: [] } });
  });
  it('citus undistribute creates triggers again that an interrupted distribution dropped', async () => {
    await plain.db().queryText('drop trigger written_by_earlier_release on resource', []);
    expect(await plain.run('citus', 'undistribute')).toMatchObject({
      answer: { undistributed: [{ table: 'resource' }] },
    });
    expect(await describeTriggers(plain.db())).toEqual(['projection', 'resource']);
  });
  it.each(['distribute', 'undistribute'])('citus %s rejects the embedded database', async (command) => {
    const { code, err } = await runCli(['citus', command]);
    expect(code).toBe(1);
    expect(err).toMatch(/^The embedded database can't be distributed\. Set DATABASE_URL/);
  });
  it('citus distribute rejects a number of shards that isn’t one', async () => {
    const { code, err } = await plain.print(['citus', 'distribute', '--shards', 'many']);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('--shards is "many"') });
  });
});

describe.skipIf(HAS_NO_CLUSTER)(withCluster('with a cluster'), { timeout: 240_000 }, () => {
  it('distributing and bringing back changes neither rows nor schema', async () => {
    const { db, run } = await installed();
    await addRows(db, 20);
    const rows = await digestRows(db, RECORD_TABLES);
    const schema = await describeTables(db, DISTRIBUTED_TABLES);
    expect(Object.values(rows).filter((digest) => digest.startsWith('0 '))).toEqual([]);

    const planned = await run('distribute', '--dry-run', '--shards', '4');
    expect(planned.out).toContain("'record_id', colocate_with => 'none', shard_count => 4);");
    expect(await describeTables(db, DISTRIBUTED_TABLES)).toEqual(schema);

    const distributed = await run('distribute', '--shards', '4');
    expect(distributed.err).toMatch(/^resource: 20 rows in [\d.]+ s$/m);
    expect(distributed.out).toBe('All 9 tables are distributed over 4 shards each. Moved now: 9.\n');
    expect(await layoutOf(db)).toEqual(DISTRIBUTED_TABLES.map((name) => `${name} distributed 4`));
    expect(await digestRows(db, RECORD_TABLES)).toEqual(rows);
    expect(await describeTables(db, DISTRIBUTED_TABLES)).toEqual(withoutTriggers(schema));
    expect(await storageOfShards(db, 'resource')).toEqual(await storageOf(db, 'resource'));
    expect([...(await readTableSizes(db)).values()].filter((bytes) => bytes > 0)).toEqual([]);
    expect(await run('distribute', '--dry-run')).toMatchObject({ out: '-- Nothing to do.\n' });
    expect(await run('distribute')).toMatchObject({ out: expect.stringContaining('Moved now: 0.') });
    expect(await run('distribute', '--shards', '5')).toMatchObject({
      code: 1,
      err: expect.stringContaining('9 tables are distributed over 4 shards already. Leave out --shards'),
    });
    // A worker has the functions that statements call there.
    const [token] = await db.queryText<{ same: boolean }>(
      `select bool_and(success and result = reference_token('subject', 'Patient', '00000000-0000-4000-8000-000000000001')::text) as same
       from run_command_on_workers($$select public.reference_token('subject', 'Patient', '00000000-0000-4000-8000-000000000001')$$)`,
      [],
    );
    expect(token).toEqual({ same: true });

    expect((await run('undistribute', '--dry-run')).out).toContain("select undistribute_table('public.resource');");
    const back = await run('undistribute');
    expect(back.out).toBe('All rows are on this PostgreSQL. Tables moved now: 9.\n');
    expect(await layoutOf(db)).toEqual(DISTRIBUTED_TABLES.map((name) => `${name} local 0`));
    expect(await digestRows(db, RECORD_TABLES)).toEqual(rows);
    expect(await describeTables(db, DISTRIBUTED_TABLES)).toEqual(schema);
    expect(await run('undistribute')).toMatchObject({ out: expect.stringContaining('Tables moved now: 0.') });
  });

  it('an interrupted distribution continues, and can be undone', async () => {
    const { db, run } = await installed();
    await addRows(db, 20);
    const rows = await digestRows(db, RECORD_TABLES);
    const schema = await describeTables(db, DISTRIBUTED_TABLES);
    for (const sql of [
      'drop trigger written_by_earlier_release on resource',
      'drop trigger converted_by_earlier_release on projection',
      "select create_distributed_table('document', 'record_id', colocate_with => 'none', shard_count => 2)",
      // The state in which create_distributed_table_concurrently leaves a table if it fails.
      "select citus_add_local_table_to_metadata('conversion')",
    ])
      await db.queryText(sql, []);
    const half = (await checkNodes(db, new Date())).map(({ level, message }) => `${level} ${message}`);
    expect(half).toEqual([
      expect.stringMatching(
        /^warning not all tables are distributed\. On the coordinator: resource, .* Distributed: document\./,
      ),
      'warning copied rows still use space on the coordinator: document.',
      expect.stringMatching(/^ok 2 shards of each table: /),
    ]);

    expect((await run('distribute', '--dry-run')).out).not.toContain("create_distributed_table('public.document'");
    expect((await run('distribute')).code).toBe(0);
    expect(await layoutOf(db)).toEqual(DISTRIBUTED_TABLES.map((name) => `${name} distributed 2`));
    expect([...(await readTableSizes(db)).values()].filter((bytes) => bytes > 0)).toEqual([]);
    expect(await digestRows(db, RECORD_TABLES)).toEqual(rows);

    await db.queryText("select undistribute_table('resource')", []);
    expect((await run('undistribute')).code).toBe(0);
    expect(await digestRows(db, RECORD_TABLES)).toEqual(rows);
    expect(await describeTables(db, DISTRIBUTED_TABLES)).toEqual(schema);
  });

  it('rows are written while a large table is distributed', async () => {
    const { db, run } = await installed();
    await addRows(db, 10_000);
    expect((await run('distribute', '--dry-run')).out).toContain(
      "create_distributed_table_concurrently('public.resource'",
    );
    const distributing = run('distribute', '--shards', '4');
    let isDone = false;
    void distributing.finally(() => {
      isDone = true;
    });
    let written = 0;
    while (!isDone) {
      written += 1;
      await db.queryText(
        "insert into retraction (record_id, type, id, retracted_at) values ($1, 'Observation', gen_random_uuid(), now())",
        [1000 + written],
      );
      await db.queryText("update resource set version = version + 1 where record_id = 1 and type = 'Observation'", []);
    }
    expect((await distributing).err).toContain('resource: 10,000 rows');
    const [counted] = await db.queryText<{ added: number; version: number }>(
      `select (select count(*)::int from retraction where record_id > 1000) as added,
         (select max(version) from resource where record_id = 1 and type = 'Observation') as version`,
      [],
    );
    expect(counted).toEqual({ added: written, version: written + 1 });
  });

  it('the doctor reports a standby for reads, which a distributed database can’t have', async () => {
    const { db, run } = await installed();
    await run('distribute', '--shards', '4');
    const config = readConfig({ DATABASE_URL: 'postgres://a/b', DATABASE_READ_URL: 'postgres://c/b' });
    expect(await checkReplica(db, config)).toMatchObject([
      { level: 'error', message: expect.stringContaining('isn’t supported with distributed tables') },
    ]);
  });

  it('a large table is only distributed while rows are written if commits wait for the log', async () => {
    const { db, run } = await installed();
    await addRows(db, 10_000);
    await db.queryText(
      "do $$ begin execute format('alter database %I set synchronous_commit = off', current_database()); end $$",
      [],
    );
    expect(await run('distribute')).toMatchObject({
      code: 1,
      err: expect.stringContaining('synchronous_commit is off. Turn it on. Or use --block-writes.'),
    });
    expect(await run('distribute', '--dry-run', '--block-writes')).toMatchObject({ code: 0 });
  });

  it('migrations run on distributed tables', async () => {
    const cluster = await citusDatabase();
    onTestFinished(() => cluster.close());
    await migrateBefore(cluster.url, '047_practice_searches');
    await cluster.join();
    const db = openDatabase({ connectionString: cluster.url }, 1);
    onTestFinished(() => db.close());
    await distribute(cluster.url, 2);
    expect((await migrate({ connectionString: cluster.url }))[0]).toBe('047_practice_searches');
    const [index] = await db.queryText<{ shards: number }>(
      `select count(*)::int as shards from run_command_on_shards('retraction',
         $$select count(*) from pg_index where indrelid = '%s'::regclass and pg_get_indexdef(indexrelid) like '%%(retracted_at)%%'$$)
       where result = '1'`,
      [],
    );
    expect(index).toEqual({ shards: 2 });
  });

  it('the doctor reports the share of each worker, and nothing about the empty tables of the coordinator', async () => {
    const { db, run } = await installed();
    await addRows(db, 2000);
    expect((await checkNodes(db, new Date())).map(({ message }) => message)).toEqual([
      'Citus is installed, and no table is distributed',
    ]);
    await run('distribute', '--shards', '4');
    await db.queryText('create index of_operator on resource (record_id, last_updated)', []);
    const nodes = await checkNodes(db, new Date());
    expect(nodes).toMatchObject([{ level: 'ok' }]);
    expect(nodes[0]?.message).toMatch(
      /^4 shards of each table: (\S+ has \d, with about \d+ resources and \d+\.\d MB(; )?)+$/,
    );
    const shares = [...(nodes[0]?.message ?? '').matchAll(/about (\d+) resources/g)].map(([, count]) => Number(count));
    expect(shares.reduce((sum, count) => sum + count, 0)).toBe(2000);
    const distributed = await findDistributedTables(db);
    const [size] = await checkSize(db, new Date(), distributed);
    expect(size?.message).toMatch(/^the coordinator has /);
    expect(size?.message).not.toMatch(/resource \d/);
    const inAYear = new Date(Date.now() + 365 * 86_400_000);
    const others = [...(await checkIndexes(db, inAYear, distributed)), ...(await checkVacuum(db))];
    expect(others.filter(({ level, message }) => level !== 'ok' && /resource|of_operator/.test(message))).toEqual([]);
    expect(await checkIndexes(db, inAYear, [])).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('nothing has used the index of_operator') }),
    );
  });

  it('the doctor reports transactions of a node that a failure interrupted more than ten minutes ago', async () => {
    const { db, run, workerUrl } = await installed();
    await run('distribute', '--shards', '4');
    const worker = new pg.Client({ connectionString: workerUrl });
    await worker.connect();
    onTestFinished(() => worker.end());
    const messagesIn = async (minutes: number) =>
      (await checkNodes(db, new Date(Date.now() + minutes * 60_000))).map(
        ({ level, message }) => `${level} ${message}`,
      );
    // Citus finishes only transactions whose names also have the numbers of the node and of the process.
    for (const sql of ['begin', "prepare transaction 'citus_interrupted'"]) await worker.query(sql);
    try {
      expect(await messagesIn(9)).toEqual([expect.stringMatching(/^ok /)]);
      expect(await messagesIn(11)).toEqual([
        expect.stringMatching(/^warning the node \S+ has interrupted transactions, whose rows stay locked: 1\.$/),
        expect.stringMatching(/^ok /),
      ]);
    } finally {
      await worker.query("rollback prepared 'citus_interrupted'");
    }
    expect(await messagesIn(11)).toEqual([expect.stringMatching(/^ok /)]);
  });

  it('an unusable cluster is rejected, with what to do', async () => {
    const cluster = await citusDatabase();
    onTestFinished(() => cluster.close());
    const db = openDatabase({ connectionString: cluster.url }, 1);
    onTestFinished(() => db.close());
    await migrate({ connectionString: cluster.url });
    const problem = async (url = cluster.url) => (await commandsOf(url)('distribute')).err;
    expect(await problem()).toContain("the extension Citus isn't installed in this database.");
    await db.queryText('create extension citus', []);
    expect(await problem()).toContain("the coordinator's own address isn't set.");
    const { hostname, port } = new URL(cluster.url);
    await db.queryText(`select citus_set_coordinator_host('${hostname}', ${port})`, []);
    expect(await problem()).toContain('the cluster has no workers.');
    await db.queryText('drop extension citus', []);
    await cluster.join();
    await db.queryText(
      'select citus_disable_node(nodename, nodeport, synchronous => true) from pg_dist_node where groupid = 1',
      [],
    );
    expect(await problem()).toMatch(
      /the node \S+ isn't active\. Start it, and run as a superuser: select citus_activate_node\(/,
    );
    expect(await checkNodes(db, new Date())).toContainEqual(expect.objectContaining({ level: 'error' }));
    await db.queryText('select citus_activate_node(nodename, nodeport) from pg_dist_node where not isactive', []);
    const old = new pg.Client({ connectionString: cluster.url, application_name: 'patient-access-2' });
    await old.connect();
    expect(await problem()).toContain('A server of an earlier release uses the database (connections: 1). Stop it');
    await old.end();
    await db.queryText("select create_distributed_table('resource_history', 'type')", []);
    expect(await problem()).toContain('The table resource_history is distributed by type instead of record_id.');
    expect(await problem(cluster.workerUrl)).toContain(
      'The database is a worker of a Citus cluster. Set DATABASE_URL to the coordinator.',
    );
  });
});

/** Creates a database with the schema on the cluster. Citus is installed afterwards, as in an existing installation. */
async function installed() {
  const cluster = await citusDatabase();
  onTestFinished(() => cluster.close());
  await migrate({ connectionString: cluster.url });
  await cluster.join();
  const db = openDatabase({ connectionString: cluster.url }, 2);
  onTestFinished(() => db.close());
  return { db, run: commandsOf(cluster.url), workerUrl: cluster.workerUrl };
}

const commandsOf =
  (url: CitusDatabase['url']) =>
  (...words: readonly string[]) =>
    runCli(['citus', ...words], { DATABASE_URL: url, SANDBOX: 'off' });

const ID = '(md5(n::text))::uuid';
/** Adds rows to all distributed tables: `count` resources of 1.5 kB, and a few of each other kind. */
async function addRows(db: Database, count: number): Promise<void> {
  for (const sql of [
    `insert into resource (record_id, type, id, version, last_updated, sort_at, digest, dates, flags, codes, content, indexed_by, extra, source)
     select 1 + n % 20, (array['Observation', 'Condition'])[1 + n % 2], ${ID}, 1, '2026-06-01', '2026-06-01', sha256(n::text::bytea),
       array['2026-06-01'::timestamptz], array[n::int8], array[n::int8, -n], repeat(md5(n::text), 47), 5, '{"a": [1]}', 'feed'
     from generate_series(1, ${count}) n`,
    `insert into resource_history (record_id, type, id, version, last_updated, content)
     select n, 'Observation', ${ID}, n, now(), case when n > 2 then 'ä' || repeat(md5(n::text), 200) end from generate_series(1, 9) n`,
    `insert into projection (record_id, name, type, id, maker, content) select n, 'dstu2', 'Observation', ${ID}, 1, 'x' from generate_series(1, 9) n`,
    `insert into conversion (record_id, name, type, id, hidden_by, asked) select n, 'dstu2', 'Observation', ${ID}, 'rule', array[${ID}] from generate_series(1, 9) n`,
    `insert into document (record_id, id, resource_id, content_type, bytes) select n, ${ID}, ${ID}, 'text/plain', decode(md5(n::text), 'hex') from generate_series(1, 9) n`,
    `insert into tombstone (record_id, type, id, version, deleted_at) select n, 'Observation', ${ID}, 2, now() from generate_series(1, 9) n`,
    `insert into merged_resource (record_id, merge_id, type, id, first_version) select n, ${ID}, 'Observation', ${ID}, 1 from generate_series(1, 9) n`,
    `insert into retraction (record_id, type, id, retracted_at, into_record_id) select n, 'Observation', ${ID}, now(), n + 1 from generate_series(1, 9) n`,
  ])
    await db.queryText(sql, []);
}

const layoutOf = async (db: Database) =>
  (await readTableLayout(db)).map(({ name, state, shards }) => `${name} ${state} ${shards}`);

async function describeTriggers(db: Database): Promise<readonly string[]> {
  const names = RELEASE_TRIGGERS.map(({ name }) => name);
  const rows = await db.queryText<{ name: string }>(
    `select c.relname::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where t.tgname = any($1) and c.relname = any($2) order by name`,
    [names, DISTRIBUTED_TABLES],
  );
  return rows.map(({ name }) => name);
}

const withoutTriggers = (schema: readonly unknown[]) =>
  schema.map((table) => ({ ...(table as Readonly<Record<string, unknown>>), triggers: null }));

const SELECT_STORAGE = (table: string) =>
  `select c.reloptions::text || (select string_agg(a.attname || a.attstorage::text || a.attcompression::text, ' ' order by a.attnum)
     from pg_attribute a where a.attrelid = c.oid and a.attnum > 0) as storage
   from pg_class c where c.oid = '${table}'::regclass`;
async function storageOf(db: Database, table: string): Promise<readonly unknown[]> {
  return db.queryText(SELECT_STORAGE(table), []);
}
async function storageOfShards(db: Database, table: string): Promise<readonly unknown[]> {
  return db.queryText(
    `select distinct result as storage from run_command_on_shards('${table}', $$${SELECT_STORAGE('%s')}$$)`,
    [],
  );
}

const MIGRATIONS = fileURLToPath(new URL('../../src/database/migrations', import.meta.url));

/** Runs the migrations before one of them. */
async function migrateBefore(databaseUrl: string, name: string): Promise<void> {
  const count = readdirSync(MIGRATIONS).toSorted().indexOf(`${name}.sql`);
  await runner({
    databaseUrl,
    dir: MIGRATIONS,
    direction: 'up',
    count,
    migrationsTable: 'schema_migration',
    log: () => {},
  });
}
