import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BENCH_PATHS } from './bench-paths.ts';
import { workingTree } from './checkout.ts';
import { startLoadGenerator } from './load-generator.ts';
import { createSigningKeys, type PreparedTree, prepareTree } from './prepare-tree.ts';
import { writeRecords } from './records.ts';
import { createTreeServer, type TreeServer } from './tree-server.ts';

/** Memory in MB that server and database together may use at rest. */
const MAX_AT_REST = 215;
/** Memory that they may use after load and a pause, as a multiple of that. */
const MAX_GROWTH = 1.2;
const SLICE_SECONDS = 10;
const CONNECTIONS = 16;

/**
 * Measures the memory of a server at rest, loads it with all kinds of requests in turn, and measures it again after a
 * pause.
 * @param minutes length of the load, and of the pause after it
 * @returns the exit code: 1 if the server uses too much memory
 */
export async function runMemory(minutes: { readonly load: number; readonly pause: number }): Promise<number> {
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
    await loadInTurn(load, tree, minutes.load);
    printMemory(server, 'after the load');
    await pause(minutes.pause * 60_000);
    const later = printMemory(server, 'after the pause');
    return atRest <= MAX_AT_REST && later <= MAX_GROWTH * MAX_AT_REST ? 0 : 1;
  } finally {
    load.close();
    await server.remove();
  }
}

/** Sends each kind of request for some seconds, again and again. */
async function loadInTurn(
  load: ReturnType<typeof startLoadGenerator>,
  tree: PreparedTree,
  minutes: number,
): Promise<void> {
  const paths = BENCH_PATHS.filter(({ ends }) => ends === 'time');
  for (const end = performance.now() + minutes * 60_000; performance.now() < end; ) {
    for (const one of paths) {
      const source = await one.createSource(tree, one.requests);
      const until = { seconds: SLICE_SECONDS };
      const result = await load.run({ port: tree.server.port, connections: CONNECTIONS, until, source });
      if (source.kind === 'refresh') tree.chains = result.tokens;
      if (result.failed > result.requests / 1000) throw new Error(`${one.name}: status ${result.failure}`);
      tree.server.clearLog();
    }
  }
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
