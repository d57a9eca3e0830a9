import type { Executor } from '../database/index.ts';
import { seconds } from '../kernel/index.ts';
import type { QueueName } from './queues.ts';
import type { JobHandler } from './run-jobs.ts';
import { sendJob } from './send-jobs.ts';

/** Milliseconds after which a job that repeats itself may run again. Its worker looks for it every 15 seconds. */
const REPEAT_DELAY = seconds(10);

/** A job that adds the next one before it begins, so that it repeats itself whatever happens to it. */
export const repeatedJob =
  (db: Executor, queue: QueueName, run: () => Promise<void>): JobHandler =>
  async (id) => {
    await sendJob(db, queue, id, { delay: REPEAT_DELAY });
    await run();
  };
