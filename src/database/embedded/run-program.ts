import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fchownSync, openSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { OperatorError } from '../../kernel/index.ts';
import { type DataDir, toDataDirError } from './data-dir.ts';
import { readLog } from './log.ts';

export interface RunningProgram {
  readonly pid: number | undefined;
  /** Tells whether the PostgreSQL program is still running. */
  readonly isRunning: () => boolean;
  /** Exit code of the program; `undefined` if a signal ended it. */
  readonly exitCode: Promise<number | undefined>;
  /** Returns the part of PostgreSQL's log that was written since this program started. */
  readonly readOutput: () => string;
}

/** Maximum size of PostgreSQL's log in bytes. A larger log is renamed before the next PostgreSQL program starts. */
const MAX_LOG_BYTES = 4 * 1024 * 1024;

/**
 * Runs a PostgreSQL program and appends its output to the log.
 * @param lasting true if the PostgreSQL program keeps running when this process ends; Ctrl-C in the terminal then
 * doesn't reach it
 */
export async function runProgram(
  dataDir: DataDir,
  bin: string,
  command: readonly [name: string, ...options: string[]],
  lasting: boolean,
): Promise<RunningProgram> {
  const log = openLog(dataDir);
  try {
    const before = statSync(dataDir.log).size;
    const child = spawnAs(dataDir, path.join(bin, command[0]), command.slice(1), lasting, log);
    const ended = new Promise<number | undefined>((resolve) => {
      child.once('exit', (code) => resolve(code ?? undefined));
    });
    await waitUntilStarted(child);
    if (lasting) child.unref();
    return {
      pid: child.pid,
      exitCode: ended,
      isRunning: () => child.exitCode === null && child.signalCode === null,
      readOutput: () => readLog(dataDir.log, before),
    };
  } finally {
    closeSync(log);
  }
}

function spawnAs({ user }: DataDir, file: string, options: string[], detached: boolean, log: number): ChildProcess {
  return spawn(file, options, {
    ...(user && { uid: user.uid, gid: user.gid }),
    cwd: '/',
    // PostgreSQL runs in its own process group, because Ctrl-C would otherwise stop it while requests are in progress.
    detached,
    stdio: ['ignore', log, log],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
}

function waitUntilStarted(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      reject(new OperatorError(`PostgreSQL can't be started: ${error.message}`));
    });
  });
}

function openLog({ root, log, user }: DataDir): number {
  try {
    if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES) renameSync(log, `${log}.1`);
    const opened = openSync(log, 'a', 0o600);
    if (user !== undefined) fchownSync(opened, user.uid, user.gid);
    return opened;
  } catch (error) {
    throw toDataDirError(root, error);
  }
}
