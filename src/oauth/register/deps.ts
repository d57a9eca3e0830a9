import type { Database } from '../../database/index.ts';
import type { SelfRegistrationMode } from '../../domain/index.ts';
import { type Clock, hours } from '../../kernel/index.ts';
import { createRateLimit, type RateLimit } from '../clients/rate-limit.ts';
import type { ClientActivityLog, OAuthAudit } from '../ports.ts';
import type { ClientRegistrar } from './client-registrar.ts';

const MAX_PER_NETWORK = 20;
/**
 * Hourly limit for all registrations together. A malicious page can make its visitors register apps, each from another
 * network, and one IPv6 subscriber may hold thousands of networks.
 */
const MAX_TOTAL = 500;

export interface RegistrationDeps {
  readonly db: Database;
  /** Limits registrations per network. */
  readonly networkLimit: RateLimit;
  /** Limits all registrations together. */
  readonly totalLimit: RateLimit;
  readonly registrar: ClientRegistrar;
  readonly audit: OAuthAudit;
  readonly log: ClientActivityLog;
  readonly addresses: { readonly register: string };
  readonly mode: SelfRegistrationMode;
}

/** Creates the rate limits, which all mounted addresses of the endpoint share. Call it once per process. */
export const createRegistrationDeps = (
  parts: Omit<RegistrationDeps, 'networkLimit' | 'totalLimit'> & { clock: Clock },
): RegistrationDeps => ({
  ...parts,
  networkLimit: createRateLimit(parts.clock, { most: MAX_PER_NETWORK, within: hours(1) }),
  totalLimit: createRateLimit(parts.clock, { most: MAX_TOTAL, within: hours(1) }),
});
