import { readdirSync, readFileSync } from 'node:fs';

/** CPU time in microseconds: of the server, and of PostgreSQL with all its processes. */
export interface CpuTime {
  readonly server: number;
  readonly database: number;
}

/** Returns the CPU time spent so far; undefined on systems other than Linux. */
export type CpuMeter = () => CpuTime | undefined;

/** Linux counts in hundredths of a second: proc(5), `utime` and `stime`. */
const TICK_MICROSECONDS = 10_000;

export function createCpuMeter(server: number, postmaster: number): CpuMeter {
  return () => {
    try {
      const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
      const postgres = all
        .flatMap((pid) => readProcessTimes(pid))
        .filter(({ pid, parent }) => [pid, parent].includes(postmaster));
      const database = postgres.reduce((sum, { spent }) => sum + spent, 0);
      return { server: readProcessTimes(String(server))[0]?.spent ?? 0, database };
    } catch {
      return undefined;
    }
  };
}

/** Resident memory of a process in MB: proc(5), `VmRSS`. */
export function residentMemory(pid: number): number | undefined {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
}

/** Returns an empty list if the process has ended. */
function readProcessTimes(pid: string): readonly { pid: number; parent: number; spent: number }[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [
      {
        pid: Number(pid),
        parent: Number(fields[1]),
        spent: (Number(fields[11]) + Number(fields[12])) * TICK_MICROSECONDS,
      },
    ];
  } catch {
    return [];
  }
}
