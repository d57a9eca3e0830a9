import type { AuditLog } from '../audit/index.ts';
import type { Config } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import { type BackgroundWork, HOURLY } from '../jobs/index.ts';
import { type Clock, days, type Random } from '../kernel/index.ts';
import type { EmailQueue } from '../mail/index.ts';
import { type Approvals, createApprovals } from './approvals.ts';
import { purgeRequests } from './request-store.ts';

/** Milliseconds after which an expired request is deleted. The audit log still has its events. */
const RETENTION = days(90);

export interface ApprovalsModule extends BackgroundWork {
  readonly approvals: Approvals;
}

/** Creates the service with which a second administrator approves dangerous actions. */
export function createApprovalsModule(deps: {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditLog;
  readonly mail: EmailQueue;
  readonly config: Pick<Config, 'brandName' | 'publicUrl'>;
}): ApprovalsModule {
  const { db, config, ...shared } = deps;
  return {
    approvals: createApprovals({ ...shared, brandName: config.brandName, publicUrl: config.publicUrl }),
    tasks: [
      {
        name: 'purge-approval-requests',
        cron: HOURLY,
        keptFor: RETENTION,
        run: (before) => purgeRequests(db, before),
      },
    ],
  };
}
