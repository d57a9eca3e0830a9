import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { registerApp } from '../src/apps/index.ts';
import { readConfig } from '../src/config/index.ts';
import { type Database, migrate, openDatabase, startEmbedded } from '../src/database/index.ts';
import { systemClock as clock, systemRandom as random } from '../src/kernel/index.ts';
import { ensurePractices } from '../src/practices/index.ts';
import { fillSandbox } from '../src/sandbox/index.ts';
import { postmasterOf } from '../test/support/database/folders.ts';
import type { Fields } from '../test/support/servers/over-http.ts';
import { type CpuMeter, createCpuMeter, residentMemory } from './process-usage.ts';

const PORT = Number(process.env['BENCH_PORT'] ?? 8097);
export const ORIGIN = `http://localhost:${PORT}`;

/** `plain` requests no id_token, like most refreshes. `openid` requests one, like most first exchanges of a code. */
interface BenchApps {
  readonly plain: Fields;
  readonly openid: Fields;
}

/** A server with a filled database of its own. */
export interface BenchEnvironment {
  readonly apps: BenchApps;
  readonly db: Database;
  readonly databaseUrl: string;
  readonly meter: CpuMeter;
  /** Memory of the server in MB; undefined on systems that don't report it. */
  memory(): number | undefined;
  /** Whether the server has one core to itself, and PostgreSQL and the load share the other. */
  readonly pinned: boolean;
  close(): Promise<void>;
}

export async function openBenchEnvironment(): Promise<BenchEnvironment> {
  // Everything started from here on, including PostgreSQL, stays on the second core.
  const pinned = spawnSync('taskset', ['-acp', '1', String(process.pid)]).status === 0;
  const dataDir = mkdtempSync(path.join(tmpdir(), 'patient-access-bench-'));
  chmodSync(dataDir, 0o711);
  const embedded = await startEmbedded({ dataDir, serving: true });
  const { host, port, user, password, database } = embedded.connection;
  const databaseUrl = `postgres://${user}:${password}@${encodeURIComponent(host)}:${port}/${database}`;
  const db = openDatabase({ connectionString: databaseUrl }, 4);
  const closeDatabase = async () => {
    await db.close();
    await embedded.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await migrate({ connectionString: databaseUrl });
    const apps = await prepare(db);
    const server = await startServer(databaseUrl, pinned);
    const { pid = 0 } = server;
    return {
      apps,
      db,
      databaseUrl,
      meter: createCpuMeter(pid, postmasterOf(dataDir) ?? 0),
      memory: () => residentMemory(pid),
      pinned,
      async close() {
        server.kill();
        await closeDatabase();
      },
    };
  } catch (error) {
    await closeDatabase();
    throw error;
  }
}

async function prepare(db: Database): Promise<BenchApps> {
  const config = readConfig({ PORT: String(PORT) });
  await ensurePractices(db, { liveName: config.practiceName, sandbox: true });
  await fillSandbox(db, () => {}, config);
  await db.queryText('vacuum analyze', []);
  const redirect_uri = 'https://bench.example/callback';
  const register = async (scope: string): Promise<Fields> => {
    const app = { name: 'Bench', redirectUris: [redirect_uri], apis: ['r4', 'dstu2'], scope, state: 'active' } as const;
    const registered = await registerApp(db, { clock, random }, app);
    return { client_id: registered.clientId, client_secret: registered.clientSecret ?? '', redirect_uri };
  };
  return { plain: await register('patient/*.rs'), openid: await register('openid fhirUser patient/*.rs') };
}

async function startServer(databaseUrl: string, pinned: boolean): Promise<ChildProcess> {
  const env = {
    DATABASE_URL: databaseUrl,
    PORT: String(PORT),
    LOG_LEVEL: 'silent',
    FHIR_REQUESTS_PER_MINUTE: '1000000',
  };
  const options = process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? [];
  const program = [process.execPath, ...options, path.join(import.meta.dirname, 'server.ts')];
  const [command = '', ...rest] = pinned ? ['taskset', '-c', '0', ...program] : program;
  const child = spawn(command, rest, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    child.stdout?.once('data', resolve);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return child;
}
