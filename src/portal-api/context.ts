import type { AuditLog } from '../audit/index.ts';
import type { Database } from '../database/index.ts';
import type { Clock, Random } from '../kernel/index.ts';
import type { PortalGuard } from './guard.ts';

/** Dependencies that most routes of the JSON API share. */
export interface PortalContext {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditLog;
  readonly guard: PortalGuard;
}
