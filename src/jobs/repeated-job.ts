import type { Executor } from '../database/index.ts';
import { seconds } from '../kernel/index.ts';
import type { QueueName } from './queues.ts';
import type { JobHandler } from './run-jobs.ts';
import { sendJob } from './send-jobs.ts';

/**
 * Milliseconds before the next run of a repeated job. The workers of the queues with repeated jobs, `publish-brands`
 * and `upgrade-records`, poll every 15 seconds, so the actual pause is up to 15 seconds longer.
 */
const REPEAT_DELAY = seconds(10);

/**
 * Creates the handler of a repeated job. The handler queues the next run before it calls `run`, so that the job is
 * repeated even if this run fails or the process dies.
 */
export const repeatedJob =
  (db: Executor, queue: QueueName, run: () => Promise<void>): JobHandler =>
  async (id) => {
    await sendJob(db, queue, id, { delay: REPEAT_DELAY });
    await run();
  };
