import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Database, openDatabase, startEmbedded } from '../../src/database/index.ts';
import { median, printColumns } from '../table.ts';
import { BENCH_PATHS, type BenchPath } from './bench-paths.ts';
import { workingTree } from './checkout.ts';
import { startLoadGenerator } from './load-generator.ts';
import type { LoadJob } from './load-process.ts';
import { createSigningKeys, type PreparedTree, prepareTree } from './prepare-tree.ts';
import { writeRecords } from './records.ts';
import { createTreeServer, type Memory, type TreeServer } from './tree-server.ts';

/** Memory in MB that server and database together may use at rest. */
const MAX_AT_REST = 215;
/** Growth to accept: of the last quarter of the load over the first, and of memory after the pause over the goal. */
const MAX_GROWTH = 1.2;
const SLICE_SECONDS = 10;

export interface SustainedLoad {
  /** Length of the load in minutes. */
  readonly minutes: number;
  /** Minutes without requests after the load. */
  readonly pause: number;
  readonly connections: number;
}

/** Times of one kind of request in one turn. */
interface PathSample {
  readonly p50: number;
  readonly p99: number;
  /** CPU time of server and database for each request in microseconds. */
  readonly cpu: number;
}

/** Use of memory and connections at the end of one turn, in which each kind of request was sent for some seconds. */
interface TurnSample extends Memory {
  /** Minutes since the load began. */
  readonly minute: number;
  readonly connections: number;
  /** Megabytes of temporary files that PostgreSQL has written since the load began. */
  readonly temporary: number;
  readonly requests: number;
  readonly paths: ReadonlyMap<string, PathSample>;
}

/**
 * Measures the memory of a server at rest, loads it with all kinds of requests in turn, and measures it again after a
 * pause. Prints a row after each turn, and how the last quarter of the load differs from the first.
 * @returns the exit code: 1 if the server uses too much memory, or more at the end than at the beginning
 */
export async function runSustainedLoad(options: SustainedLoad): Promise<number> {
  const server = createTreeServer(workingTree(), Number(process.env['BENCH_PORT'] ?? 8097));
  const load = startLoadGenerator();
  try {
    await server.start();
    await server.untilIdle();
    const records = path.join(server.dataDir, 'records.ndjson');
    writeRecords(records);
    const tree = await prepareTree(server, records, createSigningKeys());
    await server.stop();
    await server.start();
    await server.untilIdle();
    const atRest = printMemory(server, 'at rest');
    const turns = await loadInTurn(load, tree, options);
    const isFlat = printGrowth(turns);
    await pause(options.pause * 60_000);
    const later = printMemory(server, 'after the pause');
    return atRest <= MAX_AT_REST && later <= MAX_GROWTH * MAX_AT_REST && isFlat ? 0 : 1;
  } finally {
    load.close();
    await server.remove();
  }
}

/** Sends each kind of request for some seconds, again and again. */
async function loadInTurn(
  load: ReturnType<typeof startLoadGenerator>,
  tree: PreparedTree,
  { minutes, connections }: SustainedLoad,
): Promise<readonly TurnSample[]> {
  const paths = BENCH_PATHS.filter(({ ends }) => ends !== 'fresh');
  const database = await openDatabaseOf(tree.server);
  try {
    const turns: TurnSample[] = [];
    const begun = performance.now();
    const { temporary } = await readDatabase(database.db);
    process.stdout.write('minute  requests  server MB  database MB  connections  temporary MB\n');
    while (performance.now() - begun < minutes * 60_000) {
      const samples = new Map<string, PathSample>();
      let requests = 0;
      for (const one of paths) {
        const { sample, sent } = await loadPath(load, tree, one, connections);
        samples.set(one.name, sample);
        requests += sent;
        tree.server.clearLog();
      }
      const now = await readDatabase(database.db);
      const turn = {
        ...tree.server.memory(),
        ...now,
        temporary: now.temporary - temporary,
        minute: (performance.now() - begun) / 60_000,
        requests,
        paths: samples,
      };
      turns.push(turn);
      process.stdout.write(`${rowOf(turn)}\n`);
    }
    return turns;
  } finally {
    await database.close();
  }
}

const rowOf = ({ minute, requests, server, database, connections, temporary }: TurnSample): string =>
  [minute, requests, server, database, connections, temporary].map((value) => value.toFixed(0)).join('  ');

async function loadPath(
  load: ReturnType<typeof startLoadGenerator>,
  tree: PreparedTree,
  one: BenchPath,
  connections: number,
): Promise<{ readonly sample: PathSample; readonly sent: number }> {
  const source = await one.createSource(tree, one.requests);
  const until: LoadJob['until'] = one.ends === 'count' ? { requests: one.requests } : { seconds: SLICE_SECONDS };
  const before = tree.server.meter();
  const result = await load.run({ port: tree.server.port, connections, until, source });
  const after = tree.server.meter();
  if (source.kind === 'refresh') tree.chains = result.tokens;
  const { requests, failed, failure, p50, p99 } = result;
  if (failed > requests / 1000) throw new Error(`${one.name}: status ${failure}`);
  const cpu = (after.server - before.server + (after.database - before.database)) / requests;
  return { sample: { p50, p99, cpu }, sent: requests };
}

async function openDatabaseOf({ dataDir }: TreeServer): Promise<{ readonly db: Database; close(): Promise<void> }> {
  const embedded = await startEmbedded({ dataDir, serving: false });
  const { host, port, user, password, database } = embedded.connection;
  const url = `postgres://${user}:${password}@${encodeURIComponent(host)}:${port}/${database}`;
  const db = openDatabase({ connectionString: url }, 1);
  return {
    db,
    async close() {
      await db.close();
      await embedded.stop();
    },
  };
}

/** Reads the number of client connections, and the megabytes of all temporary files so far. */
async function readDatabase(db: Database): Promise<Pick<TurnSample, 'connections' | 'temporary'>> {
  const [row] = await db.queryText<{ readonly connections: number; readonly temporary: number }>(
    `select (select count(*)::int4 from pg_stat_activity a where a.datid = d.datid) as connections,
       (d.temp_bytes / 1e6)::float8 as temporary
     from pg_stat_database d where d.datname = current_database()`,
    [],
  );
  if (row === undefined) throw new Error('The database has no statistics.');
  return row;
}

/**
 * Compares the last quarter of the load with the first one after the first turn, in which code is compiled and
 * connections are opened.
 * @returns false if something grew too much
 */
function printGrowth(turns: readonly TurnSample[]): boolean {
  const counted = turns.slice(1);
  const size = Math.max(1, Math.floor(counted.length / 4));
  const quarters = [counted.slice(0, size), counted.slice(-size)];
  const names = [...(turns[0]?.paths.keys() ?? [])];
  const measures: readonly (readonly [name: string, limit: boolean, of: (turn: TurnSample) => number])[] = [
    ['server MB', true, ({ server }) => server],
    ['database MB', true, ({ database }) => database],
    ['connections', true, ({ connections }) => connections],
    ['temporary MB', true, ({ temporary }) => temporary],
    ...names.flatMap((name) => {
      const of = (key: keyof PathSample) => (turn: TurnSample) => turn.paths.get(name)?.[key] ?? 0;
      return [
        [`${name}: CPU µs`, true, of('cpu')],
        [`${name}: p50 ms`, false, of('p50')],
        [`${name}: p99 ms`, false, of('p99')],
      ] as const;
    }),
  ];
  const compared = measures.map(([name, isLimited, of]) => {
    const [first = 0, last = 0] = quarters.map((quarter) => median(quarter.map(of)));
    return { name, first, last, tooMuch: isLimited && last > Math.max(first * MAX_GROWTH, 1) };
  });
  const rows = compared.map(({ name, first, last, tooMuch }) => [
    name,
    first.toFixed(1),
    last.toFixed(1),
    first === 0 ? '' : (last / first).toFixed(2),
    tooMuch ? 'too much' : '',
  ]);
  printColumns(['median of a turn', 'first quarter', 'last quarter', 'ratio', ''], rows);
  return compared.every(({ tooMuch }) => !tooMuch);
}

/** @returns memory of server and database together in MB */
function printMemory(server: TreeServer, when: string): number {
  const { server: ofServer, database } = server.memory();
  const sum = ofServer + database;
  process.stdout.write(
    `${when}: server ${ofServer.toFixed(0)} MB, database ${database.toFixed(0)} MB (PSS), ${sum.toFixed(0)} MB together\n`,
  );
  return sum;
}
