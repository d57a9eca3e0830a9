import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ClusterCpuTime, createCpuMeter, listProcesses, proportionalMemory } from '../process-usage.ts';
import type { Checkout } from './checkout.ts';
import { kill, type NpmServer, startWithNpm } from './npm-server.ts';

/** `one`: server and database share a core. `split`: each has a core. The load has the last core of the machine. */
export type Pinning = 'one' | 'split';

/**
 * Returns the cores that this process may use: the first for the server, the second for the database if it is split,
 * and the last for the load.
 * @throws an error on systems other than Linux, and if there is only one core
 */
export function listCores(): { readonly server: string; readonly split: string; readonly load: string; all: string } {
  const [, all = ''] = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  const cores = all.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
  });
  const [server = '', split] = cores;
  if (split === undefined) throw new Error('The bench needs two cores.');
  return { server, split, load: cores.at(-1) ?? split, all };
}

export interface Memory {
  /** Proportional set size in MB. */
  readonly server: number;
  readonly database: number;
}

/** A server that runs as `npm start` does, with a data folder of its own. */
export interface TreeServer {
  readonly checkout: Checkout;
  readonly port: number;
  readonly dataDir: string;
  /** Variables of the server's commands: those of the server without `settings`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts the server. @returns milliseconds until it listens */
  start(): Promise<number>;
  stop(): Promise<void>;
  pin(pinning: Pinning): void;
  /** Suspends all processes, so that they use no CPU while the other server is measured. */
  suspend(): void;
  resume(): void;
  /** CPU time so far. */
  meter(): ClusterCpuTime;
  memory(): Memory;
  /** Waits until server and database have used almost no CPU for two seconds. */
  untilIdle(): Promise<void>;
  /** Empties the file with the server's output, which has a line for each request. */
  clearLog(): void;
  /** Stops the server and deletes its data. */
  remove(): Promise<void>;
}

/** A database on this machine which isn't the embedded one, and which goes on running while the server is suspended. */
export interface OwnDatabase {
  readonly url: string;
  /** Main processes of PostgreSQL: of the coordinator and all workers if it is a cluster. */
  readonly postmasters: readonly number[];
}

const IDLE_TIMEOUT = 180_000;

/**
 * @param settings further variables of the server
 * @param database its database; default: the embedded one
 */
export function createTreeServer(
  checkout: Checkout,
  port: number,
  settings: Readonly<Record<string, string>> = {},
  database?: OwnDatabase,
): TreeServer {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'patient-access-bench-'));
  // The database runs as another user if the bench runs as root.
  chmodSync(dataDir, 0o711);
  const log = path.join(dataDir, 'server.log');
  const cores = listCores();
  let npm: NpmServer | undefined;
  /** Process ids while the server listens. */
  let running: { readonly server: number; readonly postmasters: readonly number[] } | undefined;
  let pinned: Pinning | undefined;
  const processes = () => {
    if (running === undefined) throw new Error(`The server of ${checkout.name} isn't running.`);
    return running;
  };
  const databaseProcesses = () => {
    const { postmasters } = processes();
    const isPostmaster = (pid: number) => postmasters.includes(pid);
    return listProcesses().flatMap(({ pid, parent }) => (isPostmaster(pid) || isPostmaster(parent) ? [pid] : []));
  };
  const signal = (name: NodeJS.Signals) => {
    if (running === undefined) return;
    for (const pid of [running.server, ...(database === undefined ? databaseProcesses() : [])]) kill(pid, name);
  };
  const meter = (): ClusterCpuTime => {
    const { server, postmasters } = processes();
    const time = createCpuMeter(server, ...postmasters)();
    if (time === undefined) throw new Error('CPU time can only be read on Linux.');
    return time;
  };
  const pin = (pinning: Pinning) => {
    pinned = pinning;
    setCores(processes().server, cores.server);
    for (const pid of databaseProcesses()) setCores(pid, pinning === 'one' ? cores.server : cores.split);
  };
  const tree: TreeServer = {
    checkout,
    port,
    dataDir,
    environment: createEnvironment(port, dataDir, database),
    async start() {
      // It starts on all cores, even if this process may use only some.
      npm = startWithNpm(checkout, { ...tree.environment, ...settings }, log, cores.all);
      const { pid, startedIn } = await npm.listening;
      running = { server: pid, postmasters: database?.postmasters ?? [embeddedPostmaster(dataDir)] };
      if (pinned !== undefined) pin(pinned);
      return startedIn;
    },
    async stop() {
      signal('SIGCONT');
      await npm?.stop();
      npm = undefined;
      running = undefined;
    },
    pin,
    suspend: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    meter,
    memory() {
      const [ofServer, ofDatabase] = [
        proportionalMemory([processes().server]),
        proportionalMemory(databaseProcesses()),
      ];
      if (ofServer === undefined || ofDatabase === undefined) throw new Error('PSS can only be read on Linux.');
      return { server: ofServer, database: ofDatabase };
    },
    async untilIdle() {
      const begun = performance.now();
      let before = meter();
      for (let quiet = 0; quiet < 4; ) {
        if (performance.now() - begun > IDLE_TIMEOUT) throw new Error(`${checkout.name} doesn't become idle.`);
        await pause(500);
        const now = meter();
        const spent = now.server - before.server + (now.database - before.database);
        quiet = spent <= IDLE_MICROSECONDS ? quiet + 1 : 0;
        before = now;
      }
    },
    clearLog: () => truncateSync(log),
    async remove() {
      await tree.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return tree;
}

/** CPU time within half a second of servers that only look for jobs. */
const IDLE_MICROSECONDS = 50_000;

/** Variables of the server and of commands. Settings of the shell that runs the bench don't apply. */
function createEnvironment(port: number, dataDir: string, database: OwnDatabase | undefined): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR = tmpdir() } = process.env;
  return {
    PATH,
    HOME,
    TMPDIR,
    PORT: String(port),
    DATA_DIR: dataDir,
    // One app sends all requests, more than an app may by default.
    FHIR_REQUESTS_PER_MINUTE: '1000000',
    ...(database === undefined ? {} : { DATABASE_URL: database.url }),
  };
}

function embeddedPostmaster(dataDir: string): number {
  const [pid] = readFileSync(path.join(dataDir, 'database/postmaster.pid'), 'utf8').split('\n');
  return Number(pid);
}

function setCores(pid: number, cores: string): void {
  const { status, stderr } = spawnSync('taskset', ['-acp', cores, String(pid)], { encoding: 'utf8' });
  // A connection of the pool may have ended meanwhile.
  if (status !== 0 && !/No such process/.test(stderr)) throw new Error(`taskset: ${stderr}`);
}
