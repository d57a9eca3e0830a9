import { getJobHealth } from '../../jobs/index.ts';
import { ERROR_RESPONSES, JobsResponse, type PortalApi, type PortalContext } from '../../portal-api/index.ts';

/** Adds the route that reports the state of the background jobs' queues. */
export function jobRoutes(api: PortalApi, { db, guard }: Pick<PortalContext, 'db' | 'guard'>): void {
  const summary = 'List background jobs: pending jobs, failed jobs and scheduled tasks';
  const schema = { tags: ['operations'], summary, response: { 200: JobsResponse, ...ERROR_RESPONSES } };
  api.get('/review/jobs', { schema }, async (request) => {
    await guard.reviewer(request);
    // Job queues use the clock of the database and of the system, so the current time doesn't come
    // from the injected clock.
    const { queues, failures, tasks, deadLetters } = await getJobHealth(db, new Date());
    const moment = (at: Date | undefined) => at?.toISOString() ?? null;
    return {
      queues: queues.map(({ oldestReadyAt, isLate, ...counts }) => ({
        ...counts,
        oldestReadyAt: moment(oldestReadyAt),
        late: isLate,
      })),
      failures: failures.map(({ at, ...failure }) => ({ ...failure, at: at.toISOString() })),
      tasks: tasks.map(({ name, lastAt, nextAt }) => ({ name, lastAt: moment(lastAt), nextAt: moment(nextAt) })),
      deadLetters,
    };
  });
}
