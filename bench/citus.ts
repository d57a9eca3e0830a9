import pg from 'pg';
import { CLUSTER, joinNodes, serversOf } from '../test/support/database/cluster.ts';
import { createDatabase, dropDatabase, randomName, urlOf } from '../test/support/database/databases.ts';
import { BENCH_PATHS } from './against/bench-paths.ts';
import { workingTree } from './against/checkout.ts';
import { compareServers } from './against/compare.ts';
import { runCommand } from './against/prepare-tree.ts';
import { findFailures, printComparison } from './against/report.ts';
import { createTreeServer } from './against/tree-server.ts';
import { listProcesses } from './process-usage.ts';
import { median } from './table.ts';

/** Paths whose statements reach the tables that are distributed, and refreshes, which don't. */
const MEASURED = ['patient-read', 'lab-page', 'everything-100', 'refresh', 'intake'];

/**
 * Measures the server on a distributed database and on one PostgreSQL in turns, with the same data. Both databases are on
 * the cluster of TEST_CITUS_URL, which has to run on this machine: that of one PostgreSQL is on the coordinator alone.
 * All processes of PostgreSQL and the server share a core, so the ratio is that of all work.
 * @param only names of the measured paths
 * @returns the exit code
 */
export async function runCitus(only: string | undefined, seconds: number, rounds: number): Promise<number> {
  if (CLUSTER === undefined) throw new Error('Set TEST_CITUS_URL to the cluster to measure.');
  const names = [randomName(), randomName()] as const;
  const servers = await serversOf(CLUSTER);
  for (const name of names) await createDatabase(CLUSTER, name, 'template0');
  const [citus, plain] = names.map((name) => urlOf(CLUSTER ?? '', name)) as [string, string];
  try {
    await joinNodes(servers.map((server) => urlOf(server, names[0])));
    const postmasters = await Promise.all(servers.map(findPostmaster));
    const port = Number(process.env['BENCH_PORT'] ?? 8097);
    const tree = workingTree();
    const trees = [
      createTreeServer({ ...tree, name: 'Citus' }, port, {}, { url: citus, postmasters }),
      createTreeServer({ ...tree, name: 'one PostgreSQL' }, port + 1, {}, { url: plain, postmasters }),
    ] as const;
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
    const compared = await compareServers(
      trees,
      {
        paths: BENCH_PATHS.filter(({ name }) => (only?.split(',') ?? MEASURED).includes(name)),
        pinnings: ['one'],
        connections: [1, 16],
        rounds,
        seconds,
        warmUp: 5,
        withStarts: false,
        stop: stop.signal,
        progress: (text) => process.stderr.write(`${new Date().toLocaleTimeString('en')} ${text}\n`),
      },
      async () => {
        await runCommand(trees[0], ['citus', 'distribute', '--block-writes']);
      },
    );
    const comparison = { commits: [tree.commit, tree.commit] as const, ...compared };
    printComparison(comparison);
    for (const { path, connections, pairs } of comparison.paths) {
      const [coordinator = 0, ...workers] = servers.map((_, node) =>
        median(pairs.map(([{ nodes }]) => nodes[node] ?? 0)),
      );
      const onWorkers = workers.reduce((sum, one) => sum + one, 0);
      process.stdout.write(
        `${path}, ${connections}: ${coordinator.toFixed(0)} µs on the coordinator, ${onWorkers.toFixed(0)} µs on workers\n`,
      );
    }
    const failures = findFailures(comparison);
    for (const failure of failures) process.stderr.write(`${failure}\n`);
    return failures.length === 0 ? 0 : 1;
  } finally {
    for (const url of [citus, plain]) await dropDatabase(CLUSTER, url);
  }
}

/** Finds the main process of the PostgreSQL of a URL, which has to run on this machine. */
async function findPostmaster(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const parent = listProcesses().find(({ pid }) => pid === rows[0]?.pid)?.parent;
    if (parent === undefined) throw new Error('The cluster has to run on this machine.');
    return parent;
  } finally {
    await client.end();
  }
}
