import type { Executor } from '../database/index.ts';
import { seconds } from '../kernel/index.ts';
import type { QueueName } from './queues.ts';
import type { JobHandler } from './run-jobs.ts';
import { sendJob } from './send-jobs.ts';

/**
 * Milliseconds before the next run of a job that sends itself again, such as `publish-brands`. The workers of these
 * queues poll every 15 seconds, so the actual pause is up to 15 seconds longer.
 */
const REPEAT_DELAY = seconds(10);

/** A job that adds the next one before it begins, so that it repeats itself whatever happens to it. */
export const repeatedJob =
  (db: Executor, queue: QueueName, run: () => Promise<void>): JobHandler =>
  async (id) => {
    await sendJob(db, queue, id, { delay: REPEAT_DELAY });
    await run();
  };
