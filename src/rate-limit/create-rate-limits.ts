import type { Executor } from '../database/index.ts';
import { type BackgroundWork, HOURLY } from '../jobs/index.ts';
import { purgeExpiredUses } from './shared-limit.ts';

/** Creates the scheduled task that deletes expired counts of the rate limits in the database. */
export const createRateLimits = ({ db }: { readonly db: Executor }): BackgroundWork => ({
  tasks: [{ name: 'purge-failure-counts', cron: HOURLY, run: (before) => purgeExpiredUses(db, before) }],
});
