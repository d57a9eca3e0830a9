import type { Database } from '../database/index.ts';
import { type BackgroundWork, HOURLY } from '../jobs/index.ts';
import type { Clock, Random } from '../kernel/index.ts';
import { type AuditLog, type AuditObserver, createAuditLog } from './audit-log.ts';

export interface AuditModuleDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  /** Is notified of events, for metrics. */
  readonly observer?: AuditObserver | undefined;
}

/** The audit log, and the number of its events that wait for their insert. */
export type AuditModule = AuditLog & BackgroundWork & { pendingEvents(): number };

/**
 * Creates the audit log with a database connection of its own. Creates the partitions of the audit table that the log
 * needs now.
 */
export async function createAudit({ db, clock, random, observer }: AuditModuleDeps): Promise<AuditModule> {
  const log = createAuditLog({ db: db.dedicatedConnection(), clock, random, observer });
  await log.createPartitions();
  return {
    ...log,
    tasks: [{ name: 'create-audit-partitions', cron: HOURLY, run: () => log.createPartitions() }],
  };
}
