import type { PgBoss } from 'pg-boss';

/** A task that runs on a schedule. */
export interface JobSchedule {
  /** Name of the task, which is also the id of its jobs in the queue `maintenance`. */
  readonly name: string;
  /** Cron expression with five fields, in UTC. */
  readonly cron: string;
}

const QUEUE = 'maintenance';

/**
 * Replaces the schedules in the database by those of this release. If a task was due while no process was running, it
 * runs once after the next start, even if it was due several times.
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
