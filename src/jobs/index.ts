export {
  type BackgroundWork,
  EVERY_FIVE_MINUTES,
  EVERY_MINUTE,
  HOURLY,
  joinBackgroundWork,
  runAllTasks,
  type ScheduledTask,
} from './background-work.ts';
export { countJobs, getJobHealth, type JobCounts, type JobHealth } from './health.ts';
export { nameError, PermanentJobFailure } from './job-failure.ts';
export type { QueueName } from './queues.ts';
export { repeatedJob } from './repeated-job.ts';
export { type JobFailure, type JobHandler, type JobRunner, type JobTracer, startJobs } from './run-jobs.ts';
export type { JobSchedule } from './schedules.ts';
export { type JobOptions, sendJob, sendJobs, withoutJob } from './send-jobs.ts';
