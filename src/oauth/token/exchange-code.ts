import type { Database } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { later, type Random, seconds, sha256Base64url } from '../../kernel/index.ts';
import type { VerifiedAssertion } from '../clients/client-assertion.ts';
import { LIFETIMES } from '../lifetimes.ts';
import type { OAuthParameters } from '../parameters.ts';
import type { OAuthAudit } from '../ports.ts';
import { findFirstDifference } from '../text-difference.ts';
import type { BackendTokenMinter } from './backend-tokens.ts';
import { consumeCode, type TokensToMint } from './consume-tokens.ts';
import { findToken, type StoredToken } from './find-token.ts';
import type { InterruptionTracker } from './interruptions.ts';
import { mintToken, type OpaqueToken, parseToken } from './opaque-token.ts';
import type { RefreshRotator } from './refresh-rotation.ts';
import { formatElapsedSeconds, invalidGrant, invalidGrantOf, requireParameter } from './token-errors.ts';
import { endFamily } from './token-families.ts';
import {
  buildTokenResponse,
  getCurrentScopes,
  type TokenEndpointResponse,
  type TokenResponseDeps,
} from './token-response.ts';

export interface TokenExchangeDeps extends TokenResponseDeps {
  readonly db: Database;
  readonly random: Random;
  readonly audit: OAuthAudit;
  readonly interruptions: InterruptionTracker;
  readonly mintBackendToken: BackendTokenMinter;
  readonly rotateRefreshToken: RefreshRotator;
}

/** A token request by an authenticated client. */
export interface TokenRequest {
  readonly client: App;
  /** Assertion that the handler of the grant type has to use up. Undefined if there is none, or if it is used up. */
  readonly assertion: VerifiedAssertion | undefined;
  readonly parameters: OAuthParameters;
  /** Thumbprint of the key that the client proved with DPoP (RFC 9449 §5). Undefined if it proved none. */
  readonly jkt: string | undefined;
  readonly requestId: string;
}

/** Handles `grant_type=authorization_code`. RFC 6749 §4.1.3, RFC 7636 §4.6 */
export async function exchangeCode(deps: TokenExchangeDeps, request: TokenRequest): Promise<TokenEndpointResponse> {
  const { client, parameters, jkt } = request;
  const code = parseToken(requireParameter(parameters, 'code'));
  const redirectUri = requireParameter(parameters, 'redirect_uri');
  const challenge = toPkceChallenge(parameters['code_verifier']);
  if (code === undefined) throw invalidGrant('Unknown authorization code.');

  const now = deps.clock.now();
  const mint = createTokens(deps, code.familyId, null, request);
  await deps.audit.ready();
  const { clientId } = client;
  const exchange = { code, clientId, redirectUri, challenge, bindRefresh: client.auth === 'none' };
  const minted = await consumeCode(deps.db, now, exchange, mint);
  if (minted === undefined) throw await explainRejection(deps, client, { code, redirectUri, challenge, jkt });
  const scopes = getCurrentScopes(minted, deps.types);
  const { access, refresh } = mint;
  return buildTokenResponse(deps, client, minted, {
    access: access.text,
    refresh: refresh.text,
    scopes,
    bound: jkt !== undefined,
  });
}

export function createTokens(
  deps: Pick<TokenExchangeDeps, 'random' | 'clock'>,
  familyId: string,
  scope: string | null,
  { jkt, requestId }: Pick<TokenRequest, 'jkt' | 'requestId'>,
): TokensToMint {
  return {
    access: mintToken(deps.random, familyId),
    accessExpires: later(deps.clock.now(), seconds(LIFETIMES.access)),
    refresh: mintToken(deps.random, familyId),
    scope,
    jkt: jkt ?? null,
    event: { id: deps.random.uuid(), requestId },
  };
}

/**
 * Computes the PKCE challenge (S256) of the verifier (RFC 7636 §4.2). Throws `invalid_grant` for a malformed verifier,
 * which can't match any challenge. Returns null if the client sent no verifier.
 */
function toPkceChallenge(verifier: string | undefined): string | null {
  if (verifier === undefined) return null;
  if (!/^[\w.~-]{43,128}$/.test(verifier)) {
    throw invalidGrant('code_verifier must have 43 to 128 characters: letters, digits, and - . _ ~.');
  }
  return sha256Base64url(verifier);
}

interface PresentedCode {
  readonly code: OpaqueToken;
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly jkt: string | undefined;
}

/**
 * Finds out why an authorization code was rejected. If the code was used before, ends all tokens issued from it (RFC
 * 6749 §4.1.2).
 */
async function explainRejection(deps: TokenExchangeDeps, client: App, presented: PresentedCode): Promise<Error> {
  const now = deps.clock.now();
  const { code } = presented;
  const found = await findToken(deps.db, now, code);
  if (found === undefined || found.kind !== 'code' || found.clientId !== client.clientId) {
    return invalidGrant('This code was issued to a different app.');
  }
  if (found.usedAt !== null) {
    await endFamily(deps.db, now, code.familyId, 'its code was used twice');
    return invalidGrantOf(
      found,
      `This code was already used ${formatElapsedSeconds(found.usedAt, now)} ago, so all its tokens were revoked. Send the patient through authorize again.`,
    );
  }
  return invalidGrantOf(found, describeCodeError(found, presented, now));
}

function describeCodeError(token: StoredToken, { redirectUri, challenge, jkt }: PresentedCode, now: Date): string {
  if (token.expiresAt <= now) {
    return `This code expired ${formatElapsedSeconds(token.expiresAt, now)} ago. A code is valid for ${LIFETIMES.code} seconds.`;
  }
  if (token.redirectUri !== redirectUri) {
    const at = findFirstDifference(token.redirectUri ?? '', redirectUri);
    return `redirect_uri differs from the one sent to authorize at character ${at}. Send exactly the same value.`;
  }
  if (token.challenge !== challenge) return describePkceMismatch(token.challenge, challenge);
  if (token.jkt !== null && token.jkt !== jkt)
    return 'The authorization request had a dpop_jkt. Send a DPoP proof of that key.';
  return token.reason ?? 'This app can no longer access this record.';
}

function describePkceMismatch(expected: string | null, sent: string | null): string {
  if (expected === null) return 'code_verifier was sent, but the authorization request had no code_challenge.';
  if (sent === null) return 'code_verifier is missing. The authorization request had a code_challenge.';
  return 'code_verifier doesn’t match the code_challenge (PKCE) of the authorization request.';
}
