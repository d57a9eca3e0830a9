/** How one process runs the jobs of a queue. The retries of a queue are set in the migration that creates the queue. */
export interface QueueWorker {
  /** Seconds between two queries for jobs. A worker that has just run jobs queries again at once. */
  readonly pollSeconds: number;
  /** Number of jobs of the queue that one process runs at the same time. */
  readonly concurrency: number;
}

/** All queues to which jobs can be sent, with the settings of their workers. */
export const QUEUES = {
  /** Each job is one attempt to send one email. */
  email: { pollSeconds: 3, concurrency: 5 },
  /** Each job works on one Bulk Data export for a limited time, and sends another job if the export isn't finished. */
  export: { pollSeconds: 1, concurrency: 1 },
  /**
   * Each job invites the patients of a limited number of rows of one uploaded CSV file, and sends another job if rows
   * are left.
   */
  'bulk-invitation': { pollSeconds: 1, concurrency: 1 },
  'publish-brands': { pollSeconds: 15, concurrency: 1 },
  'upgrade-records': { pollSeconds: 15, concurrency: 1 },
  /** Each job seals and archives the audit log, verifies it, and drops what is past its retention. */
  'audit-archive': { pollSeconds: 15, concurrency: 1 },
  /** Each job is one run of a scheduled task, such as the deletion of expired sessions. */
  maintenance: { pollSeconds: 15, concurrency: 1 },
} as const satisfies Readonly<Record<string, QueueWorker>>;

export type QueueName = keyof typeof QUEUES;

/** Queue that receives jobs whose last attempt failed. No process runs the jobs in it; they are only counted. */
export const DEAD_LETTER_QUEUE = 'dead-letter';

/** Name of the database schema in which pg-boss stores its queues and jobs. */
export const JOB_SCHEMA = 'pgboss';
