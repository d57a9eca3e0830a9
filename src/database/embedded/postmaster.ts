import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Folder of its Unix socket; undefined if it has none. */
  readonly socketFolder: string | undefined;
  /** True if the database accepts connections; false while it is starting or stopping. */
  readonly ready: boolean;
}

export const pidFilePath = (cluster: string): string => path.join(cluster, 'postmaster.pid');

/**
 * Reads `postmaster.pid`, PostgreSQL's pid file. Returns `undefined` if the file is missing or not completely written.
 */
export function readPidFile(cluster: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(pidFilePath(cluster), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(pid > 0)) return undefined;
  // The eighth line of the pid file is "starting", "ready" or "stopping". A shutdown changes it before it closes any
  // connection.
  return { pid, port, socketFolder: lines[4]?.trim() || undefined, ready: port > 0 && lines[7]?.trim() === 'ready' };
}

/**
 * Returns the postmaster (PostgreSQL's main process) that runs this cluster now, regardless of which program started
 * it.
 */
export function findRunningPostmaster(cluster: string): Postmaster | undefined {
  const recorded = readPidFile(cluster);
  return recorded !== undefined && isPostmasterOf(cluster, recorded.pid) ? recorded : undefined;
}

/**
 * Tells whether the pid in the pid file now belongs to a program that isn't this cluster's postmaster. The operating
 * system reuses pids of ended processes.
 */
export const isOtherProgram = (cluster: string, pid: number): boolean =>
  commandLine(pid) !== '' && !isPostmasterOf(cluster, pid);

/**
 * Tells whether a process is this cluster's postmaster, by its command line `postgres -D <cluster> …`. The pid alone
 * proves nothing, because pids are reused. A zombie process has no command line.
 */
const isPostmasterOf = (cluster: string, pid: number): boolean => commandLine(pid).includes(` -D ${cluster} `);

/**
 * Returns the command line of a process. It is empty if the process has ended, is a zombie or isn't visible to this
 * program.
 */
function commandLine(pid: number): string {
  if (!existsSync('/proc/self/cmdline')) {
    return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\u0000', ' ');
  } catch {
    return '';
  }
}
