import { type Api, type Grant, type PresentedToken, parseScopes, type TokenVerifier } from '../../access/index.ts';
import type { Database } from '../../database/index.ts';
import { type Clock, type PracticeId, Problem } from '../../kernel/index.ts';
import type { ServedTypes } from '../ports.ts';
import { withoutDenied } from '../scopes.ts';
import { provedKey } from './dpop.ts';
import { findGood, findToken, type GoodToken } from './find.ts';
import { parseToken, type TokenText } from './token-text.ts';

/** An ended token may be taken for good this long, in milliseconds. */
const FRESH = 1000;
const MOST = 10_000;

interface Known {
  readonly at: number;
  readonly expires: number;
  readonly jkt: string | undefined;
  readonly grant: Grant;
}

export interface VerifierDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly types: ServedTypes;
  /** Scheme, host and port that proofs name. */
  readonly origin: string;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

/**
 * Looks an access token up, through a cache of at most a second. When the database can't be asked nothing is good: the
 * failure goes to the caller.
 */
export function tokenVerifier(deps: VerifierDeps): TokenVerifier {
  const known = new Map<string, Known>();

  async function lookUp(text: string): Promise<Known> {
    const now = deps.clock.now();
    const cached = known.get(text);
    if (cached !== undefined && isFresh(cached, now.getTime())) return cached;
    known.delete(text);
    const token = parseToken(text);
    const row = token === undefined ? undefined : await findGood(deps.db, now, token, 'access');
    if (row === undefined) throw await invalidToken(deps, now, token);
    if (row.provisional && deps.provisionalApps === 'inactive') throw refusal('This app is not approved yet.');
    const found = {
      at: now.getTime(),
      expires: row.expiresAt.getTime(),
      jkt: row.jkt,
      grant: grantOf(row, deps.types),
    };
    if (known.size >= MOST) known.clear();
    known.set(text, found);
    return found;
  }

  return {
    async verify(presented) {
      const { grant, jkt } = await lookUp(presented.token);
      await requireKey(deps, presented, jkt);
      return grant;
    },
  };
}

/** RFC 9449 §7.1: a bound token is good with a proof of its key alone, another one never by the DPoP scheme. */
async function requireKey(deps: VerifierDeps, presented: PresentedToken, jkt: string | undefined): Promise<void> {
  const { scheme, token, proof, method, path } = presented;
  if (jkt === undefined && scheme === 'Bearer') return;
  if (jkt === undefined)
    throw refusal('This access token is not bound to a key: send it as "Authorization: Bearer …".');
  if (scheme === 'Bearer')
    throw refusal('This access token is bound to a key: send it as "Authorization: DPoP …" with a proof.');
  const proved = await provedKey(deps, { proof, method, url: `${deps.origin}${path}`, accessToken: token }).catch(
    (error: unknown) => {
      // At a resource every fault of a proof is 401.
      if (!(error instanceof Problem) || error.code !== 'invalid_dpop_proof') throw error;
      throw new Problem('invalid_dpop_proof', { status: 401, message: error.message });
    },
  );
  if (proved === jkt) return;
  throw new Problem('invalid_dpop_proof', {
    status: 401,
    message:
      proved === undefined
        ? 'The DPoP header is missing: this access token is bound to a key, which each request has to prove.'
        : 'The DPoP proof is of another key than the one this access token is bound to.',
  });
}

/** A clock that was set back makes nothing fresh. */
const isFresh = ({ at, expires }: Known, now: number): boolean => now >= at && now - at < FRESH && now < expires;

export function grantOf(row: GoodToken, types: ServedTypes): Grant {
  const { recordId, patientId, practiceId, fhirUser = '' } = row;
  const [type = '', id] = fhirUser.split('/');
  return {
    grantId: row.grantId,
    clientId: row.clientId,
    accountId: row.accountId,
    record:
      recordId === undefined || patientId === undefined || practiceId === undefined
        ? undefined
        : { recordId, patientId, practiceId },
    practices: row.practices as PracticeId[],
    scopes: withoutDenied(parseScopes(row.scope).scopes, row.denied, types),
    apis: row.apis as Api[],
    practiceEnabled: row.practiceEnabled,
    fhirUser: id === undefined ? undefined : { type, id },
  };
}

/** RFC 6750 §3.1. Who holds a token that was good once may know why it is so no more; of all others nothing is said. */
async function invalidToken(deps: VerifierDeps, now: Date, token: TokenText | undefined): Promise<Problem> {
  const found = token === undefined ? undefined : await findToken(deps.db, now, token);
  if (found?.kind !== 'access') return refusal('This access token is not good: it has expired, or was never issued.');
  if (found.reason !== undefined) return refusal(found.reason);
  return refusal(`This access token expired at ${found.expiresAt.toISOString()}. Refresh it.`);
}

const refusal = (message: string): Problem => new Problem('invalid_token', { status: 401, message });
