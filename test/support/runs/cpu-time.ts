import { readdirSync, readFileSync } from 'node:fs';
import { afterAll } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** CPU seconds of a test file, including its imports and the processes that it started. */
    cpuSeconds?: number;
  }
}

/** Linux counts CPU time in hundredths of a second, on every architecture. */
const TICKS_PER_SECOND = 100;

const before = cpuSeconds();

// This hook is registered before those of the file, so it runs after them.
// biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of fixtures from the first argument
afterAll(({}, suite) => {
  suite.meta.cpuSeconds = Math.max(0, cpuSeconds() - before);
});

/**
 * CPU time of this process and of all processes that it started, including ended ones. On systems other than Linux it
 * is only that of this process. PostgreSQL isn't included, because all workers share one server.
 */
function cpuSeconds(): number {
  if (process.platform !== 'linux') {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readProcess);
  const children = Map.groupBy(processes, ({ parent }) => parent);
  const sum = (pid: number): number =>
    (children.get(pid) ?? []).reduce((ticks, child) => ticks + child.ticks + sum(child.pid), 0);
  const own = processes.find(({ pid }) => pid === process.pid)?.ticks ?? 0;
  return (own + sum(process.pid)) / TICKS_PER_SECOND;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** CPU time of the process and of its ended children, in ticks. */
  readonly ticks: number;
}

function readProcess(pid: string): Process[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The program name may contain spaces and parentheses, so the fields are counted after its last parenthesis
    // (proc_pid_stat(5)).
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
    return [{ pid: Number(pid), parent, ticks }];
  } catch {
    // The process has ended since the folder was listed.
    return [];
  }
}
