import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import path from 'node:path';
import type { LoadJob, LoadResult } from './load-process.ts';
import { listCores } from './tree-server.ts';

export interface LoadGenerator {
  run(job: LoadJob): Promise<LoadResult>;
  close(): void;
}

/**
 * Starts a process that sends requests, on the last core.
 * @param nice scheduling priority: a higher number yields to other processes of that core
 */
export function startLoadGenerator(nice = 0): LoadGenerator {
  const child: ChildProcess = fork(path.join(import.meta.dirname, 'load-process.ts'), {
    serialization: 'advanced',
    execArgv: [],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The load process ended with ${code}.`);
  });
  ended.catch(() => {});
  spawnSync('taskset', ['-acp', listCores().load, String(child.pid)]);
  if (nice !== 0 && child.pid !== undefined) setPriority(child.pid, nice);
  return {
    async run(job) {
      const answered = once(child, 'message');
      child.send(job);
      const [result] = await Promise.race([answered, ended]);
      return result as LoadResult;
    },
    close: () => void child.kill(),
  };
}
