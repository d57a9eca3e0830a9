import {
  type PresentedToken,
  RejectedTokenProblem,
  requireUnreducedGrant,
  type TokenVerifier,
} from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import { type Clock, Problem } from '../../kernel/index.ts';
import { verifyDpopProof } from './dpop.ts';
import { findToken, type StoredToken } from './find-token.ts';
import { parseToken } from './opaque-token.ts';
import type { CachedToken, TokenCache } from './token-cache.ts';

export interface TokenVerifierDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly liveTokens: TokenCache;
  /** Scheme, host and port of this server, which the URL in a DPoP proof must have. */
  readonly origin: string;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

/**
 * Creates the verifier of access tokens for the FHIR APIs and the UserInfo endpoint. If it rejects an access token that
 * is in the database, it throws `RejectedTokenProblem`, which names the app, so that the app's developer sees the
 * error.
 */
export function createTokenVerifier(deps: TokenVerifierDeps): TokenVerifier {
  return {
    async verify(presented) {
      const { token, grant } = await requireActiveToken(deps, presented.token);
      await requireProvedKey(deps, presented, token.jkt).catch((error) => {
        throw error instanceof Problem ? new RejectedTokenProblem(grant.clientId, error) : error;
      });
      return grant;
    },
    async requireStillValid(token, before) {
      requireUnreducedGrant(before, (await requireActiveToken(deps, token)).grant);
    },
  };
}

async function requireActiveToken(deps: TokenVerifierDeps, text: string): Promise<CachedToken> {
  const live = await deps.liveTokens.find(text);
  if (live === undefined) throw await explainInvalidToken(deps, text);
  if (live.token.provisional && deps.provisionalApps === 'inactive') {
    throw new RejectedTokenProblem(live.grant.clientId, invalidTokenProblem('This app isn’t approved yet.'));
  }
  return live;
}

/**
 * Checks the DPoP proof. A token bound to a key requires a proof of that key, and a token that isn't bound never works
 * with the DPoP scheme (RFC 9449 §7.1).
 */
async function requireProvedKey(
  deps: TokenVerifierDeps,
  presented: PresentedToken,
  jkt: string | undefined,
): Promise<void> {
  const { scheme, token, proof, method, path } = presented;
  if (jkt === undefined && scheme === 'Bearer') return;
  if (jkt === undefined)
    throw invalidTokenProblem('This access token isn’t bound to a key. Send it as "Authorization: Bearer …".');
  if (scheme === 'Bearer')
    throw invalidTokenProblem('This access token is bound to a key. Send it as "Authorization: DPoP …" with a proof.');
  const proved = await verifyDpopProof(deps, { proof, method, url: `${deps.origin}${path}`, accessToken: token }).catch(
    (error: unknown) => {
      // At a resource server, an invalid DPoP proof gives status 401 instead of the 400 of the token endpoint.
      if (!(error instanceof Problem) || error.code !== 'invalid_dpop_proof') throw error;
      throw new Problem('invalid_dpop_proof', { status: 401, message: error.message });
    },
  );
  if (proved === jkt) return;
  throw new Problem('invalid_dpop_proof', {
    status: 401,
    message:
      proved === undefined
        ? 'The DPoP header is missing. This access token is bound to a key, so each request needs a proof.'
        : 'The key of the DPoP proof isn’t the key that this access token is bound to.',
  });
}

/**
 * Explains why an access token was rejected (RFC 6750 §3.1). The holder of a formerly valid token learns why it is no
 * longer valid. Nothing is revealed about any other token.
 */
async function explainInvalidToken({ db, clock }: TokenVerifierDeps, text: string): Promise<Problem> {
  const token = parseToken(text);
  const found = token === undefined ? undefined : await findToken(db, clock.now(), token);
  if (found?.kind !== 'access') return invalidTokenProblem('Unknown or expired access token.');
  return new RejectedTokenProblem(found.clientId, invalidTokenProblem(inactiveReason(found)));
}

function inactiveReason({ reason, usedAt, expiresAt }: StoredToken): string {
  if (reason !== undefined) return reason;
  if (usedAt !== null) return 'The app revoked this access token.';
  return `This access token expired at ${expiresAt.toISOString()}. Refresh it.`;
}

const invalidTokenProblem = (message: string): Problem => new Problem('invalid_token', { status: 401, message });
