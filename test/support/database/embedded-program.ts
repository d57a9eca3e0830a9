// A program that uses the embedded database and that tests can kill. Arguments: <data folder> <server|command> [write].
// It reports events as lines of JSON, and stops when its input ends.
import pg from 'pg';
import { startEmbedded } from '../../../src/database/embedded/index.ts';
import type { ProgramEvent } from './embedded-programs.ts';

const [dataDir = '', role, write] = process.argv.slice(2);
const report = (event: ProgramEvent): void => {
  process.stdout.write(`${JSON.stringify(event)}\n`);
};

try {
  const begun = performance.now();
  const embedded = await startEmbedded({ dataDir, serving: role === 'server' });
  const took = Math.round(performance.now() - begun);
  report({ event: 'started', adopted: embedded.wasRunning, connection: embedded.connection, took });
  if (write !== undefined) await startWriters({ ...embedded.connection, max: 8 });
  process.stdin.resume().once('end', async () => {
    await embedded.stop();
    report({ event: 'stopped' });
    process.exit();
  });
} catch (error) {
  const { name, message } = error as Error;
  report({ event: 'refused', name, message });
}

/** Starts eight writers. Each reports a row after the database has acknowledged it. */
async function startWriters(config: pg.PoolConfig): Promise<void> {
  const pool = new pg.Pool(config);
  pool.on('error', () => {});
  await pool.query('create table if not exists written (n bigint generated always as identity primary key)');
  for (let writer = 0; writer < 8; writer++) void writeOn(pool);
}

async function writeOn(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ n: string }>('insert into written default values returning n');
    report({ event: 'wrote', n: Number(rows[0]?.n) });
  }
}
