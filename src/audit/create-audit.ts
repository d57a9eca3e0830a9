import type { Database } from '../database/index.ts';
import { type BackgroundWork, HOURLY } from '../jobs/index.ts';
import type { Clock, Random } from '../kernel/index.ts';
import { type AuditLog, createAuditLog } from './audit-log.ts';

export interface AuditModuleDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
}

export type AuditModule = AuditLog & BackgroundWork;

/**
 * Creates the audit log with a database connection of its own. Creates the partitions of the audit table that the log
 * needs now.
 */
export async function createAudit({ db, clock, random }: AuditModuleDeps): Promise<AuditModule> {
  const log = createAuditLog({ db: db.dedicatedConnection(), clock, random });
  await log.createPartitions();
  return {
    ...log,
    tasks: [{ name: 'create-audit-partitions', cron: HOURLY, run: () => log.createPartitions() }],
  };
}
