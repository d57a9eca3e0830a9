import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fchownSync, openSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { OperatorFault } from '../../kernel/index.ts';
import { type DataDir, dataDirFault } from './data-dir.ts';
import { readLog } from './log.ts';

export interface Program {
  readonly pid: number | undefined;
  /** True while the process is alive. */
  readonly running: () => boolean;
  /** Exit code; `undefined` if a signal ended the process. */
  readonly ended: Promise<number | undefined>;
  /** Returns what was appended to the log since the program started. */
  readonly said: () => string;
}

/** Bytes; a larger log is renamed before the next program starts. */
const LOG_LIMIT = 4 * 1024 * 1024;

/**
 * Runs a PostgreSQL program with its output appended to the log.
 * @param lasting true if the program keeps running when this one ends; Ctrl-C in the terminal then doesn't reach it
 */
export async function runProgram(
  dataDir: DataDir,
  bin: string,
  command: readonly [name: string, ...options: string[]],
  lasting: boolean,
): Promise<Program> {
  const log = openLog(dataDir);
  try {
    const before = statSync(dataDir.log).size;
    const child = spawnAs(dataDir, path.join(bin, command[0]), command.slice(1), lasting, log);
    const ended = new Promise<number | undefined>((resolve) => {
      child.once('exit', (code) => resolve(code ?? undefined));
    });
    await started(child);
    if (lasting) child.unref();
    return {
      pid: child.pid,
      ended,
      running: () => child.exitCode === null && child.signalCode === null,
      said: () => readLog(dataDir.log, before),
    };
  } finally {
    closeSync(log);
  }
}

function spawnAs({ user }: DataDir, file: string, options: string[], detached: boolean, log: number): ChildProcess {
  return spawn(file, options, {
    ...(user && { uid: user.uid, gid: user.gid }),
    cwd: '/',
    // Its own process group, because Ctrl-C would otherwise stop the database while requests are in flight.
    detached,
    stdio: ['ignore', log, log],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  });
}

function started(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      reject(new OperatorFault(`PostgreSQL can't be run: ${error.message}`));
    });
  });
}

function openLog({ root, log, user }: DataDir): number {
  try {
    if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT) renameSync(log, `${log}.1`);
    const opened = openSync(log, 'a', 0o600);
    if (user !== undefined) fchownSync(opened, user.uid, user.gid);
    return opened;
  } catch (error) {
    throw dataDirFault(root, error);
  }
}
