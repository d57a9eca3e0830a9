/** How this release works on a queue. What a queue does after a failure is in the migration that creates it. */
export interface QueueWorker {
  /** Seconds between two looks for jobs. A worker that found some looks again at once. */
  readonly pollSeconds: number;
  /** Jobs that one process works on at the same time. */
  readonly concurrency: number;
}

/** The queues and their workers. */
export const QUEUES = {
  /** One job for each attempt to send an email. */
  email: { pollSeconds: 3, concurrency: 5 },
  /** One job for each turn of a Bulk Data export. */
  export: { pollSeconds: 1, concurrency: 1 },
  /** One job for each turn of an uploaded file. */
  'bulk-invitation': { pollSeconds: 1, concurrency: 1 },
  'publish-brands': { pollSeconds: 15, concurrency: 1 },
  'upgrade-records': { pollSeconds: 15, concurrency: 1 },
  /** The tasks that run by a schedule. */
  maintenance: { pollSeconds: 15, concurrency: 1 },
} as const satisfies Readonly<Record<string, QueueWorker>>;

export type QueueName = keyof typeof QUEUES;

/** Receives the jobs that failed for the last time. No process works on it. */
export const DEAD_LETTER_QUEUE = 'dead-letter';

/** The schema of pg-boss. */
export const JOB_SCHEMA = 'pgboss';
