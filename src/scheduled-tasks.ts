import { type DeveloperActivityLog, purgeActivity, purgeExpiredSecrets, purgeUnusedApps } from './apps/index.ts';
import type { AuditLog } from './audit/index.ts';
import { purgeExpiredEnrollments } from './enrollment/index.ts';
import { purgeExpiredExports } from './fhir/index.ts';
import {
  purgeExpiredChallenges,
  purgeExpiredLinks,
  purgeExpiredSessions,
  purgeKnownBrowsers,
} from './identity/index.ts';
import { purgeDailyCounts, purgeRejectedEntries, purgeValidationIssues } from './intake/index.ts';
import type { JobSchedule } from './jobs/index.ts';
import { days, hours, later } from './kernel/index.ts';
import { purgeOldEmails } from './mail/index.ts';
import {
  deleteExpiredLaunches,
  deleteExpiredOneTimeIds,
  deleteExpiredPushedRequests,
  deleteExpiredTokens,
} from './oauth/index.ts';
import { type AllPortalsDeps, purgeSignUps, purgeStatus, warnOfDeadlines, warnOfExpiringSecrets } from './portals.ts';
import { purgeExpiredUses } from './rate-limit/index.ts';

/** A task of the queue `maintenance`. */
export interface ScheduledTask extends JobSchedule {
  /** Milliseconds for which the task leaves what has expired or ended. Defaults to 0. */
  readonly keptFor?: number;
  /** @param before now, less the time that `keptFor` says */
  run(before: Date): Promise<unknown>;
}

export interface ScheduledTaskDeps {
  readonly portal: AllPortalsDeps;
  readonly audit: AuditLog;
  readonly log: DeveloperActivityLog;
  /** Adds jobs for what waits in a table and has none. */
  queueMissingJobs(): Promise<void>;
}

const HOURLY = '7 * * * *';
const EVERY_FIVE_MINUTES = '*/5 * * * *';

/** All that runs by a schedule. docs/operating.md describes each task. */
export function createScheduledTasks(deps: ScheduledTaskDeps): readonly ScheduledTask[] {
  const { portal, audit, log, queueMissingJobs } = deps;
  const { db } = portal;
  return [
    { name: 'queue-missing-jobs', cron: EVERY_FIVE_MINUTES, run: queueMissingJobs },
    { name: 'create-audit-partitions', cron: HOURLY, run: () => audit.createPartitions() },
    { name: 'warn-of-deadlines', cron: HOURLY, run: () => warnOfDeadlines(portal) },
    { name: 'warn-of-expiring-secrets', cron: HOURLY, run: () => warnOfExpiringSecrets(portal) },
    { name: 'purge-sessions', cron: HOURLY, run: (before) => purgeExpiredSessions(db, before) },
    { name: 'purge-failure-counts', cron: HOURLY, run: (before) => purgeExpiredUses(db, before) },
    { name: 'purge-challenges', cron: HOURLY, run: (before) => purgeExpiredChallenges(db, before) },
    { name: 'purge-account-links', cron: HOURLY, keptFor: days(1), run: (before) => purgeExpiredLinks(db, before) },
    { name: 'purge-sign-ups', cron: HOURLY, keptFor: days(1), run: (before) => purgeSignUps(db, before) },
    { name: 'purge-known-browsers', cron: HOURLY, keptFor: days(400), run: (before) => purgeKnownBrowsers(db, before) },
    { name: 'purge-tokens', cron: HOURLY, keptFor: hours(24), run: (before) => deleteExpiredTokens(db, before) },
    { name: 'purge-one-time-ids', cron: HOURLY, run: (before) => deleteExpiredOneTimeIds(db, before) },
    { name: 'purge-launches', cron: HOURLY, keptFor: hours(24), run: (before) => deleteExpiredLaunches(db, before) },
    { name: 'purge-pushed-requests', cron: HOURLY, run: (before) => deleteExpiredPushedRequests(db, before) },
    {
      name: 'purge-app-activity',
      cron: HOURLY,
      run: async (before) => {
        await log.flush();
        await purgeActivity(db, before);
      },
    },
    { name: 'purge-emails', cron: HOURLY, keptFor: days(30), run: (before) => purgeOldEmails(db, before) },
    { name: 'purge-enrollments', cron: HOURLY, run: (before) => purgeExpiredEnrollments(db, before) },
    { name: 'purge-exports', cron: HOURLY, run: (before) => purgeExpiredExports(db, before) },
    {
      name: 'purge-rejected-entries',
      cron: HOURLY,
      keptFor: days(30),
      run: (before) => purgeRejectedEntries(db, before),
    },
    { name: 'purge-validation-issues', cron: HOURLY, run: () => purgeValidationIssues(db) },
    { name: 'purge-daily-counts', cron: HOURLY, keptFor: days(400), run: (before) => purgeDailyCounts(db, before) },
    { name: 'purge-app-secrets', cron: HOURLY, keptFor: days(30), run: (before) => purgeExpiredSecrets(db, before) },
    { name: 'purge-unused-apps', cron: HOURLY, keptFor: days(90), run: (before) => purgeUnusedApps(db, before) },
    { name: 'purge-status-history', cron: HOURLY, keptFor: days(90), run: (before) => purgeStatus(db, before) },
  ];
}

const runTask = async ({ keptFor = 0, run }: ScheduledTask, now: Date): Promise<void> =>
  void (await run(later(now, -keptFor)));

/** Runs one task: the handler of the queue `maintenance`. */
export async function runNamedTask(tasks: readonly ScheduledTask[], name: string, now: Date): Promise<void> {
  const task = tasks.find((one) => one.name === name);
  // A process of another release can have added it.
  if (task === undefined) throw new Error('unknown task');
  await runTask(task, now);
}

/** Runs all tasks, one after another. One that fails stops none of the others; its error is thrown at the end. */
export async function runAllTasks(tasks: readonly ScheduledTask[], now: Date): Promise<void> {
  const failures: unknown[] = [];
  for (const task of tasks) await runTask(task, now).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
