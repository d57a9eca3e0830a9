import type { Database } from '../../database/index.ts';
import { type Clock, hours } from '../../kernel/index.ts';
import { type RateLimit, rateLimit } from '../client/rate-limit.ts';
import type { AppLog, OAuthAudit } from '../ports.ts';
import type { Registrar, RegistrationMode } from './registrar.ts';

const MOST_OF_A_NETWORK = 20;
/**
 * Hourly limit for all registrations together. A malicious page can make its visitors register apps, each from another
 * network, and one IPv6 subscriber may hold thousands of networks.
 */
const MOST_IN_ALL = 500;

export interface RegistrationDeps {
  readonly db: Database;
  /** Limits registrations per network. */
  readonly ofNetwork: RateLimit;
  /** Limits all registrations together. */
  readonly inAll: RateLimit;
  readonly registrar: Registrar;
  readonly audit: OAuthAudit;
  readonly log: AppLog;
  readonly addresses: { readonly register: string };
  readonly mode: RegistrationMode;
}

/** Creates the rate limits, which all mounted addresses of the endpoint share. Call it once per process. */
export const registrationDeps = (
  parts: Omit<RegistrationDeps, 'ofNetwork' | 'inAll'> & { clock: Clock },
): RegistrationDeps => ({
  ...parts,
  ofNetwork: rateLimit(parts.clock, { most: MOST_OF_A_NETWORK, within: hours(1) }),
  inAll: rateLimit(parts.clock, { most: MOST_IN_ALL, within: hours(1) }),
});
