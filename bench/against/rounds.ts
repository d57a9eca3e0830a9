import { setTimeout as pause } from 'node:timers/promises';
import type { BenchPath } from './bench-paths.ts';
import type { LoadGenerator } from './load-generator.ts';
import type { LoadJob, LoadResult, LoadSource } from './load-process.ts';
import type { PreparedTree } from './prepare-tree.ts';

/** Results of one tree in one round. */
export interface RoundResult {
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
export type RoundPair = readonly [working: RoundResult, reference: RoundResult];

export interface RoundOptions {
  readonly path: BenchPath;
  readonly connections: number;
  readonly rounds: number;
  /** Seconds of a round. Undefined: a round sends the path's number of requests, which makes CPU times more stable. */
  readonly seconds: number | undefined;
  /**
   * Seconds of requests to each server before its first round, if the requests can be repeated. V8 compiles the code of a
   * path for so long that short rounds would compare compilations. Undefined: none.
   */
  readonly warmUp?: number | undefined;
}

/** Milliseconds in which a resumed server does what it missed. */
const SETTLE = 200;

/** Measures both trees in turns. The first round of each isn't counted: it compiles code and finds the rate. */
export async function measureRounds(
  load: LoadGenerator,
  trees: readonly [working: PreparedTree, reference: PreparedTree],
  options: RoundOptions,
): Promise<readonly RoundPair[]> {
  const { path, seconds, rounds, warmUp } = options;
  const [working, reference] = trees;
  const inTurn = async (tree: PreparedTree, requests: number, round = options) => {
    for (const other of trees) if (other !== tree) other.server.suspend();
    tree.server.resume();
    try {
      return await measureRound(load, tree, round, requests);
    } finally {
      for (const other of trees) other.server.resume();
    }
  };
  if (warmUp !== undefined && path.ends === 'time')
    // A round has a warm-up of its own, which takes a quarter of its time.
    for (const tree of trees) await inTurn(tree, path.requests, { ...options, seconds: warmUp / 1.25 });
  const first = await inTurn(working, Math.ceil(path.requests / 4));
  const requests =
    seconds === undefined || path.ends === 'fresh'
      ? path.requests
      : Math.max(options.connections, Math.ceil(first.perSecond * seconds));
  await inTurn(reference, Math.ceil(path.requests / 4));
  const pairs: RoundPair[] = [];
  for (let round = 0; round < rounds; round += 1)
    pairs.push([await inTurn(working, requests), await inTurn(reference, requests)]);
  return pairs;
}

/** @param requests number of requests, for paths whose rounds have one */
async function measureRound(
  load: LoadGenerator,
  tree: PreparedTree,
  { path, connections, seconds }: RoundOptions,
  requests: number,
): Promise<RoundResult> {
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
