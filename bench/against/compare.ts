import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchPath } from './bench-paths.ts';
import { checkOut, workingTree } from './checkout.ts';
import { startLoadGenerator } from './load-generator.ts';
import { createSigningKeys, type PreparedTree, prepareTree } from './prepare-tree.ts';
import { writeRecords } from './records.ts';
import { measureTurns, type TurnPair } from './rounds.ts';
import { createTreeServer, listCores, type Memory, type Pinning, type TreeServer } from './tree-server.ts';

export interface ComparisonOptions {
  readonly paths: readonly BenchPath[];
  readonly pinnings: readonly Pinning[];
  readonly connections: readonly number[];
  /** Each round has new processes of both servers. */
  readonly rounds: number;
  /** Seconds of each tree in a round. Undefined: rounds have fixed numbers of requests. */
  readonly seconds: number | undefined;
  /** Seconds of requests to each server before a path is measured in a round, with the most connections. */
  readonly warmUp: number;
  /** Whether to measure starts and memory too. */
  readonly withStarts: boolean;
  progress(text: string): void;
  /** Aborts when the comparison should end early. */
  readonly stop?: AbortSignal;
}

export interface ComparedPath {
  readonly path: string;
  readonly pinning: Pinning;
  readonly connections: number;
  readonly pairs: readonly TurnPair[];
}

/** A warm start, and the memory of a server that has started and waits for requests. */
export interface StartResult extends Memory {
  readonly milliseconds: number;
}

export interface Comparison {
  readonly commits: readonly [working: string, reference: string];
  readonly starts: readonly (readonly [working: StartResult, reference: StartResult])[];
  readonly paths: readonly ComparedPath[];
}

/** Milliseconds after which PostgreSQL has collected statistics about loaded rows: `autovacuum_naptime`, and a bit. */
const UNTIL_ANALYZED = 65_000;

/** Measures the working tree and a ref in turns, on the same data. Stops both servers and deletes what it created. */
export async function compareWith(
  options: ComparisonOptions & { readonly ref: string; readonly ports: readonly [working: number, reference: number] },
): Promise<Comparison> {
  const { ref, progress, ports } = options;
  // Where nothing can be measured, this throws before anything is created.
  listCores();
  progress(`Setting up ${ref}…`);
  const checkouts = [workingTree(), await checkOut(ref)] as const;
  const [working, reference] = checkouts;
  try {
    const servers = [createTreeServer(working, ports[0]), createTreeServer(reference, ports[1])] as const;
    const compared = await compareServers(servers, options);
    return { commits: [working.commit, reference.commit], ...compared };
  } finally {
    for (const checkout of checkouts) checkout.remove();
  }
}

/**
 * Measures two servers in turns, on the same data. Stops both and deletes their data folders.
 * @param onLoaded called when both have their data
 */
export async function compareServers(
  servers: readonly [TreeServer, TreeServer],
  options: ComparisonOptions,
  onLoaded: () => Promise<void> = async () => {},
): Promise<Omit<Comparison, 'commits'>> {
  const load = startLoadGenerator();
  const measure = async () => {
    const trees = await prepareBoth(servers, options.progress, onLoaded);
    return measureRounds(load, trees, options);
  };
  try {
    return await Promise.race([measure(), whenAborted(options.stop)]);
  } finally {
    load.close();
    for (const server of servers) await server.remove();
  }
}

function whenAborted(stop: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const interrupt = () => reject(new Error('Interrupted.'));
  if (stop?.aborted) interrupt();
  stop?.addEventListener('abort', interrupt, { once: true });
  return promise;
}

async function prepareBoth(
  servers: readonly [TreeServer, TreeServer],
  progress: ComparisonOptions['progress'],
  onLoaded: () => Promise<void>,
): Promise<readonly [PreparedTree, PreparedTree]> {
  const records = path.join(servers[0].dataDir, 'records.ndjson');
  writeRecords(records);
  const keys = createSigningKeys();
  const prepare = async (server: TreeServer) => {
    progress(`Starting ${server.checkout.name}, and loading its data…`);
    await server.start();
    // The sandbox's largest record is loaded while the server runs.
    await server.untilIdle();
    return prepareTree(server, records, keys);
  };
  const trees = [await prepare(servers[0]), await prepare(servers[1])] as const;
  await onLoaded();
  await pause(UNTIL_ANALYZED);
  for (const server of servers) await server.untilIdle();
  return trees;
}

/**
 * Measures all paths in rounds. Each round restarts both servers: V8 compiles the same code differently in each process,
 * and lets its heap grow differently, so that processes of one version differ by up to half. A server that has filled
 * its database since it started takes more CPU time, too.
 */
async function measureRounds(
  load: ReturnType<typeof startLoadGenerator>,
  trees: readonly [PreparedTree, PreparedTree],
  { paths, pinnings, connections: counts, rounds, warmUp, ...options }: ComparisonOptions,
): Promise<Omit<Comparison, 'commits'>> {
  const starts: (readonly [StartResult, StartResult])[] = [];
  const compared: { path: string; pinning: Pinning; connections: number; pairs: TurnPair[] }[] = [];
  for (const pinning of pinnings) {
    const cells = paths.flatMap((one) =>
      counts.map((connections) => ({ one, path: one.name, pinning, connections, pairs: [] as TurnPair[] })),
    );
    for (const { server } of trees) server.pin(pinning);
    const mostConnections = Math.max(...counts);
    for (let round = 1; round <= rounds; round += 1) {
      starts.push(await restart(trees));
      for (const { one, connections, pairs } of cells) {
        const isFirst = connections === counts[0] && warmUp > 0;
        const warmUpOfPath = isFirst ? { seconds: warmUp, connections: mostConnections } : undefined;
        const turns = { ...options, path: one, connections, warmUp: warmUpOfPath };
        pairs.push(...(await measureTurns(load, trees, turns)));
      }
      options.progress(`Measured round ${round} of ${rounds}, ${pinning}.`);
    }
    compared.push(...cells.map(({ one: _, ...cell }) => cell));
  }
  return { starts: options.withStarts ? starts : [], paths: compared };
}

/** Restarts both servers, one after the other, and measures their starts. */
async function restart([working, reference]: readonly [PreparedTree, PreparedTree]): Promise<
  readonly [StartResult, StartResult]
> {
  const measure = async ({ server }: PreparedTree, other: PreparedTree): Promise<StartResult> => {
    other.server.suspend();
    try {
      await server.stop();
      const milliseconds = await server.start();
      await server.untilIdle();
      return { milliseconds, ...server.memory() };
    } finally {
      other.server.resume();
    }
  };
  return [await measure(working, reference), await measure(reference, working)];
}
