import type { SubmittedBundle } from '../../fhir/index.ts';
import { fairQueue, Problem, seconds } from '../../kernel/index.ts';

/**
 * Maximum number of Bundles that a process reads and writes at once. A Bundle needs the process and the database in turn,
 * so a few are enough to keep both busy. More would only use memory, and database connections that others need.
 */
const MAX_BUNDLES = 4;
const MAX_WAITING = 1000;
const MAX_WAIT = seconds(30);

/** Runs the work on Bundles in turns. Practices take turns, and so do the apps of one practice. */
export interface FeedQueue {
  /** @throws Problem 503 if too many Bundles are waiting, or the wait is too long */
  run<Result>(sent: SubmittedBundle, work: () => Promise<Result>): Promise<Result>;
}

export function openFeedQueue(): FeedQueue {
  const queue = fairQueue({
    concurrency: MAX_BUNDLES,
    maxWaitMs: MAX_WAIT,
    maxWaitingPerMember: MAX_WAITING,
    maxWaiting: MAX_WAITING,
    createFullError: () =>
      new Problem('unavailable', {
        status: 503,
        message: 'Too many Bundles are waiting. Try again in a few seconds.',
        retryAfter: 5,
      }),
  });
  return {
    run: ({ practiceId, grant }, work) => queue.run({ group: String(practiceId), member: grant.clientId }, work),
  };
}
