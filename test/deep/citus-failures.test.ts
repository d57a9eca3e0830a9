import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { R4 } from '../../bench/against/api-paths.ts';
import { openDatabase, RECORD_TABLES } from '../../src/database/index.ts';
import { type CitusNode, type CitusNodes, NODES_PROBLEM, startCitusNodes } from '../support/database/citus-nodes.ts';
import { makeFolder } from '../support/database/folders.ts';
import { queryValues } from '../support/database/query.ts';
import { digestRows } from '../support/database/table-digests.ts';
import { until } from '../support/runs/until.ts';
import { runCli } from '../support/servers/command-line.ts';
import type { Acknowledged, FailoverLoad, LoadClient } from '../support/servers/failover-load.ts';
import { loadServer, type Run } from '../support/servers/feed-app.ts';
import {
  bundledServer,
  freePort,
  type RunningServer,
  runFailingServer,
  startCommand,
  startServerProcess,
} from '../support/servers/processes.ts';

/** Seconds after the start of a node within which all requests must succeed again. */
const MAX_RECOVERY = 30;
/** How often each node is killed, at another moment each time. */
const KILLS = 3;
/** Clients whose data is on the coordinator. */
const ON_COORDINATOR: readonly LoadClient[] = ['refresh', 'consent', 'account', 'developer'];
/** Clients who read one patient record. */
const OF_RECORD: readonly LoadClient[] = ['read', 'search'];

/** A shard and the worker that has it. */
interface Place {
  readonly shard: number;
  readonly worker: CitusNode;
  readonly other: CitusNode;
}

const REASON = NODES_PROBLEM === undefined ? '' : ` (skipped: ${NODES_PROBLEM})`;

it.skipIf(NODES_PROBLEM !== undefined)(
  `a distribution that is killed again and again ends with all rows${REASON}`,
  { timeout: 240_000 },
  async () => {
    const nodes = await startCitusNodes();
    onTestFinished(() => nodes.close());
    const superuser = await nodes.createDatabase('distributed', ['migrating', 'serving']);
    const as = (username: string) => Object.assign(new URL(superuser), { username }).href;
    const settings = { DATABASE_URL: as('serving'), MIGRATION_DATABASE_URL: as('migrating'), SANDBOX: 'on' };
    const { code, err } = await runCli(['sandbox', 'fill'], settings);
    expect({ code, err }).toMatchObject({ code: 0 });
    const db = openDatabase({ connectionString: superuser }, 1);
    onTestFinished(() => db.close());
    const rows = await digestRows(db, RECORD_TABLES);
    const distribute = () => startCommand(['citus', 'distribute', '--shards', '4'], settings);
    let killed = 0;
    for (let round = 0; round < 5; round += 1) {
      const { child, ended } = distribute();
      let printed = '';
      child.stderr.on('data', (text) => {
        printed += text;
        // The statement that distributes a table runs.
        if (printed.includes(': started')) child.kill('SIGKILL');
      });
      await ended;
      if (child.signalCode === 'SIGKILL') killed += 1;
    }
    expect(killed).toBeGreaterThan(1);
    const last = await distribute().ended;
    expect(last).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^All 9 tables are distributed over 4 shards each/),
    });
    expect(await digestRows(db, RECORD_TABLES)).toEqual(rows);
    const { out } = await runCli(['doctor'], settings);
    expect(out).toMatch('ok       nodes: 4 shards of each table');
  },
);

// The tests keep their order: they share one load.
describe.skipIf(NODES_PROBLEM !== undefined)(
  `a cluster whose nodes fail${REASON}`,
  { shuffle: false, timeout: 120_000 },
  () => {
    let nodes: CitusNodes;
    let databaseUrl: string;
    let server: RunningServer;
    let load: FailoverLoad;
    let feedToken: string;
    let acknowledged: Acknowledged;
    const kills: (() => void)[] = [];
    let files: ReturnType<typeof makeFolder>;

    beforeAll(async () => {
      files = makeFolder();
      nodes = await startCitusNodes();
      databaseUrl = await nodes.createDatabase('served');
      const settings = { DATABASE_URL: databaseUrl, SANDBOX: 'on' };
      const run: Run = async (...words) => {
        const { code, out, err } = await runCli(words, settings);
        if (code !== 0) throw new Error(err);
        return out;
      };
      await run('sandbox', 'fill');
      await run('citus', 'distribute', '--block-writes', '--shards', '4');
      const port = String(await freePort());
      server = await startServerProcess({ ...settings, PORT: port }, (kill) => kills.push(kill), bundledServer());
      ({ feedToken, load } = await loadServer(server.origin, run, files.folder, 2));
      // Registers the ids of the practice that the server added.
      await run('citus', 'distribute');
      await load.untilAllSucceed(5);
    }, 400_000);

    afterEach(() => expect(load.wrong).toEqual([]));

    afterAll(async () => {
      await load?.stop();
      await server?.stop();
      for (const kill of kills) kill();
      await nodes?.close();
      await files?.remove();
    });

    const select = (sql: string) => queryValues({ connectionString: databaseUrl }, sql);
    /** Number of a shard, and the worker that has it. */
    async function locate(table: string, valueSql: string): Promise<Place> {
      const [shard, port] = await select(
        `select p.shardid, n.nodeport from pg_dist_placement p join pg_dist_node n on n.groupid = p.groupid
         where p.shardid = get_shard_id_for_distribution_column('${table}', ${valueSql})`,
      );
      const [first, second] = nodes.workers;
      const [worker, other] = port === first.port ? [first, second] : [second, first];
      return { shard: Number(shard), worker, other };
    }
    /** The shard of `resource` with the record that is read. */
    const locateRecord = () =>
      locate('resource', `(select record_id from record where patient_id = '${load.patientId}')`);
    /** Moves a shard, and the shards of other tables with the same rows, to the other worker. */
    const move = ({ shard, worker, other }: Place) =>
      select(
        `select citus_move_shard_placement(${shard}, '127.0.0.1', ${worker.port}, '127.0.0.1', ${other.port}, 'force_logical')`,
      );
    const succeeded = (client: LoadClient) => load.counts()[client].succeeded;
    const failed = (client: LoadClient) => load.counts()[client].failed;
    /** Waits until clients have succeeded 20 times more. */
    async function untilSucceeded(clients: readonly LoadClient[]): Promise<void> {
      const before = clients.map(succeeded);
      await until(() => load.wrong.length > 0 || clients.every((one, at) => succeeded(one) >= (before[at] ?? 0) + 20));
    }
    const readiness = async () => (await fetch(`${server.origin}/readyz`)).status;
    /** Starts a node. @returns milliseconds from then until all clients succeed again */
    async function recover(node: CitusNode): Promise<number> {
      const started = performance.now();
      await node.start();
      await load.untilAllSucceed(5);
      const recovery = Math.round(performance.now() - started);
      expect(recovery).toBeLessThan(MAX_RECOVERY * 1000);
      return recovery;
    }

    it('while a worker is down, its records are answered with 503, and everything on the coordinator goes on', async () => {
      const { worker } = await locateRecord();
      await worker.kill();
      const before = OF_RECORD.map(failed);
      await until(() => OF_RECORD.every((one, at) => failed(one) > (before[at] ?? 0)));
      const [answered, rejected] = [OF_RECORD.map(succeeded), ON_COORDINATOR.map(failed)];
      await untilSucceeded(ON_COORDINATOR);
      expect(OF_RECORD.map(succeeded)).toEqual(answered);
      expect(ON_COORDINATOR.map(failed)).toEqual(rejected);
      expect(await readiness()).toBe(200);
      const { out } = await runCli(['doctor'], { DATABASE_URL: databaseUrl });
      expect(out).toMatch(`ERROR    nodes: the coordinator can’t reach the node 127.0.0.1:${worker.port}.`);
      console.log(JSON.stringify({ down: 'worker', counts: load.counts(), recovery: await recover(worker) }));
    });

    it('while a worker is down, the records of the other one are answered as before', async () => {
      const { other } = await locateRecord();
      const before = [...OF_RECORD, ...ON_COORDINATOR].map(failed);
      await other.kill();
      await untilSucceeded([...OF_RECORD, ...ON_COORDINATOR]);
      expect([...OF_RECORD, ...ON_COORDINATOR].map(failed)).toEqual(before);
      console.log(JSON.stringify({ down: 'other worker', counts: load.counts(), recovery: await recover(other) }));
    });

    it('while a worker is down, Bundles go on whose practice and records are on the other one', async () => {
      const live = "select practice_id from practice where kind = 'live'";
      const record = await locate('resource', `(select min(record_id) from record where practice_id = (${live}))`);
      const registry = await locate('resource_key', `(${live})`);
      if (registry.worker !== record.worker) await move(registry);
      await record.other.kill();
      await untilSucceeded(['write']);
      await recover(record.other);
    });

    it('the server doesn’t start with a standby for reads', async () => {
      const { code, err } = await runFailingServer({
        DATABASE_URL: databaseUrl,
        DATABASE_READ_URL: databaseUrl,
        PORT: String(await freePort()),
      });
      expect({ code, err }).toMatchObject({
        code: 1,
        err: expect.stringContaining('isn’t supported with distributed'),
      });
    });

    it('without the coordinator, everything is answered with 503', async () => {
      await nodes.coordinator.kill();
      await load.untilAllUnavailable();
      expect(await readiness()).toBe(503);
      console.log(JSON.stringify({ down: 'coordinator', recovery: await recover(nodes.coordinator) }));
      expect(await readiness()).toBe(200);
    });

    it('a shard is moved to another worker and back while all clients go on', async () => {
      const before = load.counts();
      for (let moves = 0; moves < 2; moves += 1) {
        const place = await locateRecord();
        const started = performance.now();
        await move(place);
        console.log(JSON.stringify({ moved: Math.round(performance.now() - started) }));
        expect((await locateRecord()).worker).toBe(place.other);
        await load.untilAllSucceed(5);
      }
      const failures = Object.entries(load.counts()).map(([client, { failed: now }]) => [
        client,
        now - before[client as LoadClient].failed,
      ]);
      expect(failures.filter(([, count]) => count !== 0)).toEqual([]);
    });

    it('each node is killed again and again, and starts again at once', async () => {
      const all = [...nodes.workers, nodes.coordinator];
      const recoveries: number[] = [];
      for (let round = 0; round < KILLS * all.length; round += 1) {
        const node = all[round % all.length] as CitusNode;
        const before = succeeded('write');
        await until(() => load.wrong.length > 0 || succeeded('write') > before + (round % 4));
        await node.kill();
        recoveries.push(await recover(node));
      }
      console.log(JSON.stringify({ kills: recoveries.length, recoveries }));
    });

    it('loses nothing that was acknowledged', async () => {
      acknowledged = await load.stop();
      const { accessTokens, resources, audited } = acknowledged;
      console.log(
        JSON.stringify({
          tokens: accessTokens.length,
          resources: resources.length,
          audited: audited.length,
          counts: load.counts(),
        }),
      );
      expect(resources.length).toBeGreaterThan(60);
      const statusOf = async (url: string, token: string) =>
        (await fetch(`${server.origin}${url}`, { headers: { authorization: `Bearer ${token}` } })).status;
      const lost: string[] = [];
      for (const token of accessTokens) if ((await statusOf(`${R4}/Patient`, token)) !== 200) lost.push('a token');
      for (const resource of new Set(resources)) if ((await statusOf(resource, feedToken)) !== 200) lost.push(resource);
      const events = new Set(
        await select(
          "select request_id || ' ' || kind from audit_event where outcome = 'success' and request_id is not null",
        ),
      );
      lost.push(...audited.filter((event) => !events.has(event)));
      expect(lost).toEqual([]);
    });

    it('leaves no interrupted transaction on a worker', async () => {
      const count =
        "select sum(result::int)::int from run_command_on_all_nodes('select count(*) from pg_prepared_xacts')";
      // Citus finishes them in the background.
      await until(async () => (await select(count))[0] === 0);
    });
  },
);
