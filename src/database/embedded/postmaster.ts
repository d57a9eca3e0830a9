import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Accepts connections: neither starting nor stopping. */
  readonly ready: boolean;
}

export const pidFile = (cluster: string): string => path.join(cluster, 'postmaster.pid');

/** What `postmaster.pid` says; undefined when it is absent or not yet written in full. */
export function recordedPostmaster(cluster: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(pidFile(cluster), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(pid > 0)) return undefined;
  // the eighth line is "starting", "ready" or "stopping"; a shutdown writes it before it ends any connection
  return { pid, port, ready: port > 0 && lines[7]?.trim() === 'ready' };
}

/** The postmaster that serves this cluster now, started by whomever. */
export function livingPostmaster(cluster: string): Postmaster | undefined {
  const recorded = recordedPostmaster(cluster);
  return recorded !== undefined && isPostmasterOf(cluster, recorded.pid) ? recorded : undefined;
}

/** Whether the recorded process is another program, one that got the number of a postmaster that is gone. */
export const isForeign = (cluster: string, pid: number): boolean =>
  commandLine(pid) !== '' && !isPostmasterOf(cluster, pid);

/** We always start it as `postgres -D <cluster> …`, and a zombie has no command line: the pid alone proves nothing. */
const isPostmasterOf = (cluster: string, pid: number): boolean => commandLine(pid).includes(` -D ${cluster} `);

/** Empty for a process that is gone, is a zombie or is hidden from us. */
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
