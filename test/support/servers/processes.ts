import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { CHECKOUT } from '../checkout.ts';
import { NO_APP_LIMIT } from './no-app-limit.ts';

const SRC = path.join(CHECKOUT, 'src');

/** Environment variable that makes Node load compiled code from a cache, as `npm start` does. */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: path.join(CHECKOUT, 'node_modules/.cache/node'),
};

export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts one command of the command line as a process. */
export function startCommand(words: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [`${SRC}/cli/main.ts`, ...words], {
    env: { ...COMPILE_CACHE, ...env },
    cwd: '/',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended: finished(child) };
}

/** Runs a command in a process and waits for its end. Tests that aren't about the process use `runCli`. */
export const cliProcess = (words: readonly string[], env: Record<string, string> = {}): Promise<CommandResult> =>
  startCommand(words, env).ended;

export interface RunningServer {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly origin: string;
  readonly ended: Promise<CommandResult>;
  /** Output of the server so far. */
  printed(): string;
  stop(signal?: NodeJS.Signals): Promise<CommandResult>;
}

/**
 * Registers a function that kills the process, if it still runs then. `onTestFinished` and `afterAll` are such
 * functions.
 */
type AtEnd = (kill: () => void) => void;

/** The server's program in TypeScript. */
const SOURCE = `${SRC}/main.ts`;

/** Builds the bundle that `npm start` runs, if the sources have changed. @returns its program */
export function bundledServer(): string {
  execFileSync('node', [path.join(CHECKOUT, 'scripts/setup.mjs'), '--server'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return path.join(CHECKOUT, 'node_modules/.cache/server/main.mjs');
}

/** Starts the server as `npm start` does, but without building it. */
export function spawnServer(
  env: Record<string, string>,
  atEnd: AtEnd = onTestFinished,
  program = SOURCE,
): { child: ChildProcess; ended: Promise<CommandResult> } {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    env: { ...COMPILE_CACHE, LOG_LEVEL: 'silent', ...NO_APP_LIMIT, ...env },
    cwd: '/',
  });
  atEnd(() => void child.kill('SIGKILL'));
  return { child, ended: finished(child) };
}

/** Starts the server and waits until it listens. Rejects with what it printed if it ends instead. */
export async function startServerProcess(
  env: Record<string, string>,
  atEnd?: AtEnd,
  program?: string,
): Promise<RunningServer> {
  const { child, ended } = spawnServer(env, atEnd, program);
  let printed = '';
  child.stdout?.on('data', (text) => {
    printed += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', () => printed.includes('is listening') && resolve());
    void ended.then(({ code, out, err }) => reject(new Error(`ended with ${code}: ${err || out}`)));
  });
  return {
    pid: child.pid ?? 0,
    child,
    origin: `http://localhost:${env['PORT']}`,
    ended,
    printed: () => printed,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs `npm run …` in the checkout, like a user. */
export const npmRun = (words: readonly string[], env: Record<string, string>): Promise<CommandResult> =>
  finished(spawn('npm', ['run', ...words], { env: { ...process.env, ...env }, cwd: CHECKOUT }));

/** Runs the server and waits for its end. The start is expected to fail. */
export const runFailingServer = (env: Record<string, string>): Promise<CommandResult> =>
  finished(spawn(process.execPath, [SOURCE], { env: { ...COMPILE_CACHE, ...env }, cwd: '/' }));

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function finished(child: ChildProcess): Promise<CommandResult> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (text) => {
    out += text;
  });
  child.stderr?.on('data', (text) => {
    err += text;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}
