import type { Database } from '../database/index.ts';
import { type BackgroundWork, HOURLY, sendJob } from '../jobs/index.ts';
import { type Clock, minutes, type Random } from '../kernel/index.ts';
import { type AuditArchiveSettings, type AuditKeeperDeps, keepAuditLog } from './archive/keep-audit-log.ts';
import { type AuditLog, type AuditObserver, createAuditLog } from './audit-log.ts';
import { dailyReadTasks } from './daily-reads.ts';

export interface AuditModuleDeps extends Pick<AuditKeeperDeps, 'log' | 'isStopping'> {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly archive: AuditArchiveSettings;
  /** Is notified of events, for metrics. */
  readonly observer?: AuditObserver | undefined;
}

export interface AuditModule extends AuditLog, BackgroundWork {
  /** Number of events that wait for their insert. */
  pendingEvents(): number;
  /** Seals, archives, verifies and drops what is due, as the queue `audit-archive` does every day. */
  keepAuditLog(): Promise<void>;
}

/** Every day at night in the United States. */
const DAILY = '41 8 * * *';
/** Id of the only job in the queue. */
const JOB = 'daily';
/** Milliseconds until another try if a transaction was still open or a partition was in use. */
const POSTPONEMENT = minutes(2);

/**
 * Creates the audit log with a database connection of its own. Creates the partitions of the audit table that the log
 * needs now.
 */
export async function createAudit(deps: AuditModuleDeps): Promise<AuditModule> {
  const { db, clock, random, observer, archive } = deps;
  const auditLog = createAuditLog({ db: db.dedicatedConnection(), clock, random, observer });
  await auditLog.createPartitions();
  const keep = () => keepAuditLog({ ...deps, ...archive });
  return {
    ...auditLog,
    keepAuditLog: async () => void (await keep()),
    tasks: [
      { name: 'create-audit-partitions', cron: HOURLY, run: () => auditLog.createPartitions() },
      { name: 'archive-audit-log', cron: DAILY, run: () => sendJob(db, 'audit-archive', JOB) },
      ...dailyReadTasks(db, deps.isStopping),
    ],
    handlers: {
      async 'audit-archive'() {
        const result = await keep();
        if (result === 'done') return;
        // A server that stops leaves the rest to another one.
        await sendJob(db, 'audit-archive', JOB, { delay: result === 'postponed' ? POSTPONEMENT : 0 });
      },
    },
  };
}
