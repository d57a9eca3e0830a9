import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Database, openDatabase } from '../src/database/index.ts';
import { R4 } from './against/api-paths.ts';
import { checkOut, workingTree } from './against/checkout.ts';
import { addFeedApps } from './against/prepare-tree.ts';
import { createPatientBundle, createResultBundles } from './against/records.ts';
import { createTreeServer, type TreeServer } from './against/tree-server.ts';
import { SECONDS } from './in-turns.ts';
import { median, printColumns } from './table.ts';

const MOST_FEEDS = 4;
/** Patients of each feed, and Observations of a Bundle. */
const PATIENTS = 16;
const BUNDLE = 100;
const SAMPLE_MS = 10;

interface FeedCase {
  readonly name: string;
  readonly feeds: number;
  readonly connections: number;
  /** Whether all feeds write about the same patients. */
  readonly samePatients: boolean;
}
const CASES: readonly FeedCase[] = [
  { name: '1 feed', feeds: 1, connections: 1, samePatients: false },
  { name: '4 feeds', feeds: 4, connections: 1, samePatients: false },
  { name: '4 feeds, same patients', feeds: 4, connections: 1, samePatients: true },
  { name: '1 feed, 64 connections', feeds: 1, connections: 64, samePatients: false },
];

interface FeedRound {
  readonly perSecond: number;
  /** CPU time per resource in microseconds. */
  readonly server: number;
  readonly database: number;
  /** Share of samples of each wait event, among those of transactions that a feed has open. */
  readonly waits: ReadonlyMap<string, number>;
  readonly samples: number;
}

interface FeedTree {
  readonly name: string;
  readonly server: TreeServer;
  readonly db: Database;
  readonly tokens: () => Promise<readonly string[]>;
}

/**
 * Measures several feeds that write to one practice: resources per second, CPU time, and what their transactions wait
 * for. Servers with one and two workers take turns, and those of another commit if there is one.
 */
export async function runFeeds(ref: string | undefined, rounds: number): Promise<void> {
  const checkouts = [workingTree(), ...(ref === undefined ? [] : [await checkOut(ref)])];
  const port = Number(process.env['BENCH_PORT'] ?? 8097);
  const trees: FeedTree[] = [];
  try {
    for (const checkout of checkouts) {
      for (const workers of [1, 2]) trees.push(await startTree(checkout, port + trees.length, workers));
    }
    const results = new Map<string, FeedRound[]>();
    for (let round = 0; round <= rounds; round += 1) {
      for (const one of CASES) {
        for (const tree of trees) {
          for (const other of trees) if (other !== tree) other.server.suspend();
          tree.server.resume();
          const result = await measure(tree, one);
          for (const other of trees) other.server.resume();
          const key = `${tree.name}\n${one.name}`;
          // The first round compiles code.
          if (round > 0) results.set(key, [...(results.get(key) ?? []), result]);
        }
      }
    }
    print(results);
  } finally {
    for (const { db } of trees) await db.close();
    for (const { server } of trees) await server.remove();
    for (const checkout of checkouts) checkout.remove();
  }
}

async function startTree(checkout: ReturnType<typeof workingTree>, port: number, workers: number): Promise<FeedTree> {
  const server = createTreeServer(checkout, port, {
    SANDBOX: 'off',
    ...(workers === 1 ? {} : { WORKERS: String(workers) }),
  });
  await server.start();
  await server.untilIdle();
  const tokens = await addFeedApps(server, MOST_FEEDS);
  const [first = ''] = await tokens();
  await post(server, first, createPatientBundle(MOST_FEEDS * PATIENTS));
  return {
    name: `${checkout.name}, ${workers} process${workers === 1 ? '' : 'es'}`,
    server,
    db: connect(server),
    tokens,
  };
}

function connect({ dataDir }: TreeServer): Database {
  const [, , , port = '', socket = ''] = readFileSync(path.join(dataDir, 'database/postmaster.pid'), 'utf8').split(
    '\n',
  );
  const password = readFileSync(path.join(dataDir, 'database-password'), 'utf8').trim();
  const host = socket === '' ? 'localhost' : socket;
  return openDatabase({ host, port: Number(port), user: 'patient_access', password, database: 'postgres' }, 1);
}

async function post({ port }: TreeServer, token: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' };
  const response = await fetch(`http://localhost:${port}${R4}`, { method: 'POST', headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
}

async function measure(
  { server, db, tokens }: FeedTree,
  { feeds, connections, samePatients }: FeedCase,
): Promise<FeedRound> {
  server.clearLog();
  const given = (await tokens()).slice(0, feeds);
  let isEnded = false;
  const sampled = sampleWaits(db, () => isEnded);
  let sent = 0;
  const before = server.meter();
  const begun = performance.now();
  await Promise.all(
    given.flatMap((token, feed) => {
      const bundles = createResultBundles(samePatients ? 0 : feed * PATIENTS, PATIENTS, BUNDLE);
      return Array.from({ length: connections }, async () => {
        while (performance.now() - begun < SECONDS * 1000) {
          await post(server, token, bundles());
          sent += BUNDLE;
        }
      });
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  const after = server.meter();
  isEnded = true;
  return {
    perSecond: sent / seconds,
    server: (after.server - before.server) / sent,
    database: (after.database - before.database) / sent,
    ...(await sampled),
  };
}

/** Samples what the open transactions of the server wait for. */
async function sampleWaits(db: Database, isEnded: () => boolean): Promise<Pick<FeedRound, 'waits' | 'samples'>> {
  const waits = new Map<string, number>();
  let samples = 0;
  while (!isEnded()) {
    const rows = await db.queryText<{ event: string }>(
      `select coalesce(wait_event_type || ' ' || wait_event, 'running') as event from pg_stat_activity
       where application_name like 'patient-access%' and xact_start is not null and pid <> pg_backend_pid()`,
      [],
    );
    for (const { event } of rows) waits.set(event, (waits.get(event) ?? 0) + 1);
    samples += rows.length;
    await pause(SAMPLE_MS);
  }
  return { waits, samples };
}

function print(results: ReadonlyMap<string, readonly FeedRound[]>): void {
  const rows = [...results].map(([key, rounds]) => {
    const [tree = '', name = ''] = key.split('\n');
    const one = results.get(`${tree}\n${CASES[0]?.name}`) ?? [];
    const rates = rounds.map(({ perSecond }) => perSecond);
    const ratios = rates.map((rate, round) => rate / (one[round]?.perSecond ?? Number.NaN));
    const waits = new Map<string, number>();
    for (const round of rounds)
      for (const [event, count] of round.waits) waits.set(event, (waits.get(event) ?? 0) + count);
    const samples = rounds.reduce((sum, round) => sum + round.samples, 0);
    const shares = [...waits]
      .toSorted(([, a], [, b]) => b - a)
      .map(([event, count]) => `${event} ${((100 * count) / samples).toFixed(1)}%`);
    const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
    const cpu = (part: 'server' | 'database') => median(rounds.map((round) => round[part])).toFixed(0);
    return [
      tree,
      name,
      median(rates).toFixed(0),
      median(ratios).toFixed(2),
      range,
      cpu('server'),
      cpu('database'),
      shares.slice(0, 6).join(', '),
    ];
  });
  printColumns(['server', 'feeds', 'resources/s', 'ratio', 'spread', 'server µs', 'database µs', 'waits'], rows);
}
