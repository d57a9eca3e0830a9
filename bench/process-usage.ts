import { readdirSync, readFileSync } from 'node:fs';

/** CPU time in microseconds: of the server, and of PostgreSQL with all its processes. */
export interface CpuTime {
  readonly server: number;
  readonly database: number;
}

/** CPU time of a server on a cluster: also that of each node, in the order of their main processes. */
export interface ClusterCpuTime extends CpuTime {
  readonly nodes: readonly number[];
}

/** Returns the CPU time spent so far; undefined on systems other than Linux. */
export type CpuMeter = () => ClusterCpuTime | undefined;

/** Linux counts in hundredths of a second: proc(5), `utime` and `stime`. */
const TICK_MICROSECONDS = 10_000;

/** @param postmasters the main processes of PostgreSQL: several if it is a cluster */
export function createCpuMeter(server: number, ...postmasters: readonly number[]): CpuMeter {
  return () => {
    try {
      const all = listProcesses();
      // With `WORKERS`, the server's process has others below it.
      const served = all.filter(({ pid, parent }) => [pid, parent].includes(server) && !postmasters.includes(pid));
      const nodes = postmasters.map((postmaster) => spentByPostgres(all, postmaster));
      return {
        server: served.reduce((sum, { spent }) => sum + spent, 0),
        database: nodes.reduce((sum, spent) => sum + spent, 0),
        nodes,
      };
    } catch {
      return undefined;
    }
  };
}

function spentByPostgres(all: readonly ProcessUsage[], postmaster: number): number {
  const postgres = all.filter(({ pid, parent }) => [pid, parent].includes(postmaster));
  const living = postgres.reduce((sum, { spent }) => sum + spent, 0);
  // A process that ends, such as an autovacuum worker, adds its time to that of the postmaster's children.
  return living + (postgres.find(({ pid }) => pid === postmaster)?.spentByEndedChildren ?? 0);
}

/** A process, with its CPU time in microseconds. */
interface ProcessUsage {
  readonly pid: number;
  readonly parent: number;
  readonly spent: number;
  readonly spentByEndedChildren: number;
}

/** Returns all processes of the machine. Throws on systems other than Linux. */
export const listProcesses = (): readonly ProcessUsage[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readProcess);

/** Resident memory of a process in MB: proc(5), `VmRSS`. */
export function residentMemory(pid: number): number | undefined {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
}

/**
 * Memory of processes in MB, in which memory that several processes share is counted once: proc(5), `Pss` of
 * `smaps_rollup`. Undefined on systems other than Linux.
 */
export function proportionalMemory(pids: readonly number[]): number | undefined {
  try {
    const kilobytes = pids.map((pid) => {
      const [, size] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
      return Number(size);
    });
    return kilobytes.reduce((sum, size) => sum + size, 0) / 1024;
  } catch {
    return undefined;
  }
}

/** Returns an empty list if the process has ended. */
function readProcess(pid: string): readonly ProcessUsage[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [
      {
        pid: Number(pid),
        parent: Number(fields[1]),
        spent: (Number(fields[11]) + Number(fields[12])) * TICK_MICROSECONDS,
        spentByEndedChildren: (Number(fields[13]) + Number(fields[14])) * TICK_MICROSECONDS,
      },
    ];
  } catch {
    return [];
  }
}
