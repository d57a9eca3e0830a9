import type { Database } from '../../database/index.ts';
import { type Clock, hours } from '../../kernel/index.ts';
import { type RateLimit, rateLimit } from '../client/rate-limit.ts';
import type { AppLog, OAuthAudit } from '../ports.ts';
import type { Registrar, RegistrationMode } from './registrar.ts';

const MOST_OF_A_NETWORK = 20;
/**
 * Anybody's page can make its visitors register apps, each from a network of their own, and one subscriber of IPv6 may hold
 * thousands of networks: what is written in an hour is bounded whoever sends it.
 */
const MOST_IN_ALL = 500;

export interface RegistrationDeps {
  readonly db: Database;
  /** Counts registrations by network … */
  readonly ofNetwork: RateLimit;
  /** … and all of them. */
  readonly inAll: RateLimit;
  readonly registrar: Registrar;
  readonly audit: OAuthAudit;
  readonly log: AppLog;
  readonly addresses: { readonly register: string };
  readonly mode: RegistrationMode;
}

/** With its memory of who registered how often: made once for a process, wherever the routes are mounted. */
export const registrationDeps = (
  parts: Omit<RegistrationDeps, 'ofNetwork' | 'inAll'> & { clock: Clock },
): RegistrationDeps => ({
  ...parts,
  ofNetwork: rateLimit(parts.clock, { most: MOST_OF_A_NETWORK, within: hours(1) }),
  inAll: rateLimit(parts.clock, { most: MOST_IN_ALL, within: hours(1) }),
});
