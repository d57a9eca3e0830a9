import type { Executor } from '../../database/index.ts';
import { getJobHealth } from '../../jobs/index.ts';
import { minutes } from '../../kernel/index.ts';
import { type DoctorFinding, okFinding, warningFinding } from './finding.ts';

/**
 * Milliseconds after which a job that is ready to run counts as late. Workers look for jobs at least every 15 seconds.
 */
const LATE = minutes(5);

/** Checks whether background jobs are late or have failed. */
export async function checkJobs(db: Executor, now: Date): Promise<readonly DoctorFinding[]> {
  const { queues, failures, tasks, deadLetters } = await getJobHealth(db, now);
  const late = queues.filter(({ oldestReadyAt }) => oldestReadyAt !== undefined && +now - +oldestReadyAt > LATE);
  const failed = queues.filter((queue) => queue.failed > 0);
  const findings = [
    ...late.map(({ name, ready, oldestReadyAt }) =>
      warningFinding(
        'jobs',
        `${ready} of the queue ${name} are ready, the oldest since ${oldestReadyAt?.toISOString()}.`,
        'Start a server, or more of them: patient-access serve',
      ),
    ),
    ...failed.map((queue) => {
      const newest = failures.find((failure) => failure.queue === queue.name);
      return warningFinding(
        'jobs',
        `${queue.failed} of the queue ${queue.name} failed within a day, the newest (${newest?.id}) with ${newest?.error}.`,
        'The log of the server has each attempt as failedJob. Emails, exports and files that still wait are tried again within five minutes, and tasks at their next time.',
      );
    }),
  ];
  if (findings.length > 0) return findings;
  const next = tasks.map(({ nextAt }) => nextAt?.toISOString() ?? '').filter((at) => at !== '');
  const waiting = queues.reduce((sum, { ready, later, running }) => sum + ready + later + running, 0);
  const planned =
    next.length === 0 ? 'no server has started yet' : `${tasks.length} tasks, the next at ${next.sort()[0]}`;
  const dead = deadLetters === 0 ? '' : `; ${deadLetters} dead letters of two weeks`;
  return [okFinding('jobs', `${waiting} in the queues; ${planned}${dead}`)];
}
