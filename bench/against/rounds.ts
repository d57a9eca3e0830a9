import { setTimeout as pause } from 'node:timers/promises';
import type { BenchPath } from './bench-paths.ts';
import type { LoadGenerator } from './load-generator.ts';
import type { LoadJob, LoadResult, LoadSource } from './load-process.ts';
import type { PreparedTree } from './prepare-tree.ts';

/** Results of one tree in one turn. */
export interface TurnResult {
  readonly requests: number;
  readonly failed: number;
  readonly failure: number | undefined;
  readonly perSecond: number;
  /** Bytes of a response with its head. */
  readonly bytes: number;
  /** Response times in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time per request in microseconds. */
  readonly server: number;
  readonly database: number;
  /** The same of each node of a cluster. */
  readonly nodes: readonly number[];
}

/** Results of the working tree and of the ref, one after the other. */
export type TurnPair = readonly [working: TurnResult, reference: TurnResult];

export interface TurnOptions {
  readonly path: BenchPath;
  readonly connections: number;
  /** Seconds of each tree. Undefined: each gets the path's number of requests, which makes CPU times more stable. */
  readonly seconds: number | undefined;
  /**
   * Requests to each server before the first turn, if they can be repeated. V8 compiles the code of a path for so long
   * that short turns would compare compilations. Undefined: none.
   */
  readonly warmUp: { readonly seconds: number; readonly connections: number } | undefined;
}

/** Milliseconds in which a resumed server does what it missed. */
const SETTLE = 200;

/**
 * Turns of each tree in a round. A machine that shares its cores with others can become half as fast for some seconds.
 * Short turns let both trees have a part of such a time.
 */
export const TURNS = 4;

/** Measures both trees in turns. The other server is suspended meanwhile. */
export async function measureTurns(
  load: LoadGenerator,
  trees: readonly [working: PreparedTree, reference: PreparedTree],
  options: TurnOptions,
): Promise<readonly TurnPair[]> {
  const { path, warmUp } = options;
  const [working, reference] = trees;
  const inTurn = async (tree: PreparedTree, requests: number, turn = options) => {
    for (const other of trees) if (other !== tree) other.server.suspend();
    tree.server.resume();
    try {
      return await measureTurn(load, tree, turn, requests);
    } finally {
      for (const other of trees) other.server.resume();
    }
  };
  if (path.ends === 'time' && warmUp !== undefined) {
    // A turn has a warm-up of its own, which takes a quarter of its time.
    const turn = { ...options, seconds: warmUp.seconds / 1.25, connections: warmUp.connections };
    for (const tree of trees) await inTurn(tree, path.requests, turn);
  }
  if (path.ends === 'fresh') return [[await inTurn(working, path.requests), await inTurn(reference, path.requests)]];
  const seconds = options.seconds === undefined ? undefined : options.seconds / TURNS;
  let requests = Math.ceil(path.requests / TURNS);
  if (path.ends === 'count') {
    // These turns aren't counted: they compile code and find the rate.
    const first = await inTurn(working, requests);
    await inTurn(reference, requests);
    if (seconds !== undefined) requests = Math.max(options.connections, Math.ceil(first.perSecond * seconds));
  }
  // PostgreSQL wakes up for autovacuum as soon as it is resumed, if it was suspended for long.
  await Promise.all(trees.map(({ server }) => server.untilIdle()));
  const pairs: TurnPair[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const one = { ...options, seconds };
    pairs.push([await inTurn(working, requests, one), await inTurn(reference, requests, one)]);
  }
  return pairs;
}

/** @param requests number of requests, for paths whose rounds have one */
async function measureTurn(
  load: LoadGenerator,
  tree: PreparedTree,
  { path, connections, seconds }: TurnOptions,
  requests: number,
): Promise<TurnResult> {
  const { server } = tree;
  if (path.ends === 'fresh') {
    await server.stop();
    await server.start();
  }
  server.clearLog();
  await pause(SETTLE);
  const run = async (source: LoadSource, until: LoadJob['until']): Promise<LoadResult> => {
    const result = await load.run({ port: server.port, connections, until, source });
    if (source.kind === 'refresh') tree.chains = result.tokens;
    return result;
  };
  const counted = seconds === undefined || path.ends !== 'time';
  const warmUp = Math.ceil(requests / 4);
  const warmUpSource = (await path.createWarmUp?.(tree)) ?? (await path.createSource(tree, warmUp));
  await run(warmUpSource, counted ? { requests: warmUp } : { seconds: Math.max(0.5, seconds / 4) });
  const source =
    path.ends === 'time' && warmUpSource.kind === 'list' ? warmUpSource : await path.createSource(tree, requests);
  const before = server.meter();
  const result = await run(source, counted ? { requests } : { seconds });
  const after = server.meter();
  const { failed, failure, p50, p99 } = result;
  return {
    requests: result.requests,
    failed,
    failure,
    bytes: result.bytes / result.requests,
    perSecond: result.requests / result.seconds,
    p50,
    p99,
    server: (after.server - before.server) / result.requests,
    database: (after.database - before.database) / result.requests,
    nodes: after.nodes.map((spent, node) => (spent - (before.nodes[node] ?? 0)) / result.requests),
  };
}
