import type { Database } from '../../database/index.ts';
import { type Clock, hours } from '../../kernel/index.ts';
import { type RateLimit, rateLimit } from '../client/rate-limit.ts';
import type { AppLog, OAuthAudit } from '../ports.ts';
import type { Registrar } from './registrar.ts';

const MOST_AN_HOUR = 20;

export interface RegistrationDeps {
  readonly db: Database;
  /** Counts registrations by network. */
  readonly limit: RateLimit;
  readonly registrar: Registrar;
  readonly audit: OAuthAudit;
  readonly log: AppLog;
  readonly addresses: { readonly register: string };
  /** `sandbox`: an app is provisional until somebody approves it; `open`: it is active at once. */
  readonly mode: 'sandbox' | 'open';
}

/** With its memory of who registered how often: made once for a process, wherever the routes are mounted. */
export const registrationDeps = (parts: Omit<RegistrationDeps, 'limit'> & { clock: Clock }): RegistrationDeps => ({
  ...parts,
  limit: rateLimit(parts.clock, { most: MOST_AN_HOUR, within: hours(1) }),
});
