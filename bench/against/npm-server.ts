import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { listProcesses } from '../process-usage.ts';
import type { Checkout } from './checkout.ts';

/** A server that `npm start` runs in its checkout. */
export interface NpmServer {
  /** Resolves when the server listens. Rejects, with its output, if it ends instead. */
  readonly listening: Promise<ListeningServer>;
  /** Sends SIGTERM, and waits until the server has ended. */
  stop(): Promise<void>;
}

export interface ListeningServer {
  /** Process id of the server itself, below npm. */
  readonly pid: number;
  /** Milliseconds that the start took. */
  readonly startedIn: number;
}

const START_TIMEOUT = 300_000;

/**
 * Runs `npm start`.
 * @param log file for the server's output
 * @param cores cores on which the server may run, as taskset lists them; by default those of this process
 */
export function startWithNpm(
  checkout: Checkout,
  env: Readonly<Record<string, string>>,
  log: string,
  cores?: string,
): NpmServer {
  const begun = performance.now();
  const output = openSync(log, 'w');
  const [program = '', ...args] = [...(cores === undefined ? [] : ['taskset', '-c', cores]), 'npm', 'start'];
  const npm = spawn(program, args, { cwd: checkout.folder, env, stdio: ['ignore', output, output] });
  closeSync(output);
  const hasEnded = () => npm.exitCode !== null || npm.signalCode !== null;
  let server: number | undefined;
  async function listen(): Promise<ListeningServer> {
    while (!readFileSync(log, 'utf8').includes('is listening on')) {
      if (hasEnded() || performance.now() - begun > START_TIMEOUT)
        throw new Error(`The server of ${checkout.name} didn't start:\n${readFileSync(log, 'utf8')}`);
      await pause(10);
    }
    server = findServer(npm.pid);
    return { pid: server, startedIn: performance.now() - begun };
  }
  return {
    listening: listen(),
    async stop() {
      if (hasEnded()) return;
      const ended = once(npm, 'exit');
      const pid = server ?? npm.pid;
      if (pid !== undefined) kill(pid, 'SIGTERM');
      await ended;
    },
  };
}

/** Arguments of the server's process: of the bundle, and of the sources in earlier commits. */
const PROGRAMS: readonly string[] = ['node_modules/.cache/server/main.mjs', 'src/main.ts'];

/** Finds the server among the processes that npm started. */
function findServer(npm: number | undefined): number {
  const all = listProcesses();
  const below = (pid: number | undefined): readonly number[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child.pid, ...below(child.pid)]);
  const server = below(npm).find((pid) => {
    const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return /(^|\/)node$/.test(program) && args.some((one) => PROGRAMS.includes(one));
  });
  if (server === undefined) throw new Error('npm start has no server process.');
  return server;
}

/** Sends a signal to a process, unless it has ended. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has ended.
  }
}
