import type { Database } from '../../database/index.ts';
import type { SelfRegistrationMode } from '../../domain/index.ts';
import { type Clock, hours } from '../../kernel/index.ts';
import { createMemoryCounts, type MemoryCounts, type RateLimit } from '../../rate-limit/index.ts';
import type { ClientActivityLog, OAuthAudit } from '../ports.ts';
import type { ClientRegistrar } from './client-registrar.ts';

const NETWORK_LIMIT: RateLimit = { max: 20, window: hours(1) };
/**
 * Hourly limit for all registrations together. A malicious page can make its visitors register apps, each from another
 * network, and one IPv6 subscriber may hold thousands of networks.
 */
const TOTAL_LIMIT: RateLimit = { max: 500, window: hours(1) };

export interface RegistrationDeps {
  readonly db: Database;
  /** Counts registrations by network. */
  readonly networkCounts: MemoryCounts;
  /** Counts all registrations together. */
  readonly totalCounts: MemoryCounts;
  readonly registrar: ClientRegistrar;
  readonly audit: OAuthAudit;
  readonly log: ClientActivityLog;
  readonly addresses: { readonly register: string };
  readonly mode: SelfRegistrationMode;
}

/**
 * Creates the rate limits of registrations. Call it once per process: the endpoint has several addresses that share the
 * limits.
 */
export const createRegistrationDeps = (
  options: Omit<RegistrationDeps, 'networkCounts' | 'totalCounts'> & { clock: Clock },
): RegistrationDeps => ({
  ...options,
  networkCounts: createMemoryCounts(options.clock, NETWORK_LIMIT),
  totalCounts: createMemoryCounts(options.clock, TOTAL_LIMIT),
});
