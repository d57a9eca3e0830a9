import pg from 'pg';
import { type EmbeddedProgram, startEmbeddedProgram } from './embedded-programs.ts';
import { postmasterOf } from './folders.ts';
import type { Identity } from './identities.ts';

/**
 * Processes that a round ends. `server`: only the server. `both`: the server and the database's main process. `mixed`:
 * the server, and the main process in turn killed, stopped or left alone.
 */
export type KillTarget = 'server' | 'both' | 'mixed';

export interface KillReport {
  acknowledged: number;
  /** Acknowledged rows that a later start didn't find. There must be none. */
  lost: number;
  adopted: number;
  /** Durations of the starts after a kill, in milliseconds. */
  readonly starts: number[];
}

/**
 * Repeatedly kills a server with eight writers, restarts it at once, and checks that all acknowledged rows are there.
 */
export async function killRounds(
  dataDir: string,
  target: KillTarget,
  rounds: number,
  identity: Identity,
): Promise<KillReport> {
  const report: KillReport = { acknowledged: 0, lost: 0, adopted: 0, starts: [] };
  const written = new Set<number>();
  for (let round = 0; round <= rounds; round++) {
    const server = startEmbeddedProgram(dataDir, 'server', { identity, write: true });
    const started = await server.waitForEvent('started');
    if (round > 0) {
      report.starts.push(started.took);
      report.adopted += started.adopted ? 1 : 0;
      report.lost += await countMissing(written, started.connection);
    }
    // Each round kills at another moment.
    await server.waitForEvent('wrote', 1 + ((round * 37) % 230));
    await kill(server, dataDir, target, round);
    for (const event of server.events) if (event.event === 'wrote') written.add(event.n);
  }
  report.acknowledged = written.size;
  return report;
}

function kill(server: EmbeddedProgram, dataDir: string, target: KillTarget, round: number): Promise<void> {
  const postmaster = postmasterOf(dataDir) ?? 0;
  const ended = server.kill();
  const signal = SIGNALS[target][round % SIGNALS[target].length];
  if (signal !== undefined) process.kill(postmaster, signal);
  return ended;
}

const SIGNALS: Readonly<Record<KillTarget, readonly (NodeJS.Signals | undefined)[]>> = {
  server: [undefined],
  both: ['SIGKILL'],
  mixed: ['SIGKILL', 'SIGINT', undefined],
};

async function countMissing(written: ReadonlySet<number>, config: pg.ClientConfig): Promise<number> {
  if (written.size === 0) return 0;
  const client = new pg.Client(config);
  await client.connect();
  const { rows } = await client.query('select count(*)::int as found from written where n = any($1)', [[...written]]);
  await client.end();
  return written.size - rows[0].found;
}
