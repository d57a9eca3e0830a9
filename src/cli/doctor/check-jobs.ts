import type { Executor } from '../../database/index.ts';
import { getJobHealth } from '../../jobs/index.ts';
import { type DoctorFinding, okFinding, warningFinding } from './finding.ts';

/** Checks whether background jobs are late or have failed. */
export async function checkJobs(db: Executor, now: Date): Promise<readonly DoctorFinding[]> {
  const { queues, failures, tasks, deadLetters } = await getJobHealth(db, now);
  const late = queues.filter(({ isLate }) => isLate);
  const failed = queues.filter((queue) => queue.failed > 0);
  const findings = [
    ...late.map(({ name, ready, oldestReadyAt }) =>
      warningFinding(
        'jobs',
        `late jobs in the queue ${name}: ${ready}. The oldest has been ready since ${oldestReadyAt?.toISOString()}.`,
        'Start a server, or another one: patient-access serve',
      ),
    ),
    ...failed.map((queue) => {
      const newest = failures.find((failure) => failure.queue === queue.name);
      return warningFinding(
        'jobs',
        `jobs in the queue ${queue.name} that failed in the last ${queue.failedHours === 1 ? 'hour' : `${queue.failedHours} hours`}: ${queue.failed}. The newest (${newest?.id}) failed with ${newest?.error}.`,
        'The server log has each failed attempt as failedJob. Pending emails, exports and files are retried within five minutes, tasks at their next scheduled time, and publish-brands and upgrade-records within a minute.',
      );
    }),
  ];
  if (findings.length > 0) return findings;
  const next = tasks.map(({ nextAt }) => nextAt?.toISOString() ?? '').filter((at) => at !== '');
  const waiting = queues.reduce((sum, { ready, later, running }) => sum + ready + later + running, 0);
  const planned =
    next.length === 0 ? 'no server has started yet' : `${tasks.length} tasks, the next at ${next.sort()[0]}`;
  const dead = deadLetters === 0 ? '' : `; dead letters in two weeks: ${deadLetters}`;
  return [okFinding('jobs', `in the queues: ${waiting}; ${planned}${dead}`)];
}
