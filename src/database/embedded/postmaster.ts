import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Accepts connections: it is neither starting nor stopping. */
  readonly ready: boolean;
}

export const pidFilePath = (cluster: string): string => path.join(cluster, 'postmaster.pid');

/** Reads `postmaster.pid`; `undefined` if it is missing or not completely written. */
export function readPidFile(cluster: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(pidFilePath(cluster), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(pid > 0)) return undefined;
  // The eighth line is "starting", "ready" or "stopping". A shutdown writes it before it closes any connection.
  return { pid, port, ready: port > 0 && lines[7]?.trim() === 'ready' };
}

/** Returns the postmaster that runs this cluster now, whoever started it. */
export function findRunningPostmaster(cluster: string): Postmaster | undefined {
  const recorded = readPidFile(cluster);
  return recorded !== undefined && isPostmasterOf(cluster, recorded.pid) ? recorded : undefined;
}

/** Tells whether the recorded pid belongs to another program, which got the pid of a postmaster that has ended. */
export const isOtherProgram = (cluster: string, pid: number): boolean =>
  commandLine(pid) !== '' && !isPostmasterOf(cluster, pid);

/**
 * A postmaster is recognized by its command line `postgres -D <cluster> …`. The pid alone proves nothing, and a zombie
 * has no command line.
 */
const isPostmasterOf = (cluster: string, pid: number): boolean => commandLine(pid).includes(` -D ${cluster} `);

/** Empty if the process has ended, is a zombie or isn't visible to us. */
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
