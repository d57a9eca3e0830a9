import type { PgBoss } from 'pg-boss';

/** A task that runs by a schedule. */
export interface JobSchedule {
  /** Id of its jobs in the queue `maintenance`. */
  readonly name: string;
  /** Cron expression in UTC, to the minute. */
  readonly cron: string;
}

const QUEUE = 'maintenance';

/**
 * Has the schedules in the database be those of this release. If all processes were stopped when a task was due, it runs
 * once at the next start.
 */
export async function saveSchedules(boss: PgBoss, schedules: readonly JobSchedule[]): Promise<void> {
  const stored = new Map((await boss.getSchedules(QUEUE)).map(({ key, cron }) => [key, cron]));
  for (const { name, cron } of schedules) {
    if (stored.get(name) !== cron)
      await boss.schedule(QUEUE, cron, { id: name }, { key: name, singletonKey: name, missed: 'once' });
    stored.delete(name);
  }
  for (const name of stored.keys()) await boss.unschedule(QUEUE, name);
}
