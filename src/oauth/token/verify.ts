import { type Api, type Grant, parseScopes, type TokenVerifier } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import {
  type AccountId,
  type ClientId,
  type Clock,
  type GrantId,
  type PatientId,
  type PracticeId,
  Problem,
  type RecordId,
} from '../../kernel/index.ts';
import type { ServedTypes } from '../ports.ts';
import { withoutDenied } from '../scopes.ts';
import { type FoundAccess, findAccess } from './store.ts';
import { parseToken } from './token-text.ts';

/** An ended token may be taken for good this long, in milliseconds. */
const FRESH = 1000;
const MOST = 10_000;

interface Known {
  readonly at: number;
  readonly expires: number;
  readonly grant: Grant;
}

export interface VerifierDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly types: ServedTypes;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

/**
 * Looks a bearer token up, through a cache of at most a second. When the database can't be asked nothing is good: the
 * failure goes to the caller.
 */
export function tokenVerifier(deps: VerifierDeps): TokenVerifier {
  const known = new Map<string, Known>();
  return {
    async verify(bearer) {
      const now = deps.clock.now();
      const cached = known.get(bearer);
      if (cached !== undefined && isFresh(cached, now.getTime())) return cached.grant;
      known.delete(bearer);
      const token = parseToken(bearer);
      const row = token === undefined ? undefined : await findAccess(deps.db, now, token);
      if (row === undefined || (row.provisional && deps.provisionalApps === 'inactive')) throw invalidToken();
      const grant = grantOf(row, deps.types);
      if (known.size >= MOST) known.clear();
      known.set(bearer, { at: now.getTime(), expires: row.expires_at.getTime(), grant });
      return grant;
    },
  };
}

/** A clock that was set back makes nothing fresh. */
const isFresh = ({ at, expires }: Known, now: number): boolean => now >= at && now - at < FRESH && now < expires;

function grantOf(row: FoundAccess, types: ServedTypes): Grant {
  return {
    grantId: row.grant_id as GrantId,
    clientId: row.client_id as ClientId,
    accountId: row.account_id as AccountId,
    recordId: row.record_id as RecordId,
    practiceId: row.practice_id as PracticeId,
    patientId: row.patient_id as PatientId,
    scopes: withoutDenied(parseScopes(row.scope).scopes, row.denied, types),
    apis: row.apis as Api[],
    practiceEnabled: row.practice_enabled,
  };
}

/** RFC 6750 §3.1: one answer for every reason, so that it tells nothing about a token. */
const invalidToken = (): Problem =>
  new Problem('invalid_token', {
    status: 401,
    message:
      'This access token is not good: it has expired, was ended, or was never issued. Refresh it, or send the patient through authorize.',
  });
