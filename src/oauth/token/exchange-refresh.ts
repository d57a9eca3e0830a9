import {
  checkRequestedScopeLength,
  coversAll,
  intersectScopes,
  parseScopes,
  printScope,
  printScopes,
} from '../../access/index.ts';
import { later, Problem, seconds } from '../../kernel/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import { isEnforced } from '../scopes/grantable-scopes.ts';
import { type MintedTokens, repeatRefresh, resendAccessToken, type TokensToMint } from './consume-tokens.ts';
import { createTokens, type TokenExchangeDeps, type TokenRequest } from './exchange-code.ts';
import { findLivingFamily, findToken, REAUTHORIZE_HINT, type StoredToken } from './find-token.ts';
import type { ServiceInterruption } from './interruptions.ts';
import { decryptWithToken, encryptWithToken, type OpaqueToken, parseToken } from './opaque-token.ts';
import { formatElapsedSeconds, invalidGrant, invalidGrantOf, requireParameter } from './token-errors.ts';
import { endFamily } from './token-families.ts';
import { buildTokenResponse, getCurrentScopes, type TokenEndpointResponse } from './token-response.ts';

/**
 * Handles `grant_type=refresh_token` (RFC 6749 §6). Each refresh issues a new refresh token. A client that sends the
 * old token again immediately is retrying, and gets the same new refresh token again. If the old token arrives later,
 * someone else has it or its successor, so the whole token family ends (RFC 9700 §4.14.2).
 */
export async function exchangeRefresh(deps: TokenExchangeDeps, request: TokenRequest): Promise<TokenEndpointResponse> {
  const { client, parameters } = request;
  const old = parseToken(requireParameter(parameters, 'refresh_token'));
  if (old === undefined) throw invalidGrant(UNKNOWN);
  const narrowed = await getNarrowedScope(deps, request, old);

  const arrived = deps.clock.now();
  const mint = createTokens(deps, old.familyId, narrowed, request);
  const successors = `${mint.refresh.text} ${mint.access.text}`;
  const successor = encryptWithToken(old, deps.random, successors);
  await deps.audit.ready();
  const minted = await deps.rotateRefreshToken(arrived, { old, clientId: client.clientId, successor, mint });
  if (minted === undefined) return repeatOrReject(deps, request, { old, mint, arrived });
  deps.interruptions.noteStall(arrived);
  return respond(deps, request, minted, mint);
}

function respond(
  deps: TokenExchangeDeps,
  { client, jkt }: TokenRequest,
  minted: MintedTokens,
  { access, refresh, scope }: TokensToMint,
): Promise<TokenEndpointResponse> {
  const scopes = getCurrentScopes({ ...minted, scope: scope ?? minted.scope }, deps.types);
  const bound = jkt !== undefined;
  return buildTokenResponse(deps, client, minted, { access: access.text, refresh: refresh.text, scopes, bound });
}

/**
 * Returns the scope of the new access token if the client requests less than was granted. Null if it requests no
 * particular scope. RFC 6749 §6: the scope "must not include any scope not originally granted". The requested scope may
 * be a part of a granted one, such as a single category.
 */
async function getNarrowedScope(
  deps: TokenExchangeDeps,
  { client, parameters }: TokenRequest,
  old: OpaqueToken,
): Promise<string | null> {
  const requested = parameters['scope'];
  if (requested === undefined) return null;
  const found = await findToken(deps.db, deps.clock.now(), old);
  // A token that is unknown, issued to another client or no longer valid causes no error here. The exchange, which
  // follows, rejects it.
  if (found === undefined || found.clientId !== client.clientId || !found.isActive) return null;
  const granted = parseScopes(found.scope).scopes;
  const parsedRequest = parseScopes(requested);
  const returned = new Set(getCurrentScopes(found, deps.types).map(printScope));
  // The scope of an earlier response may exceed the length limit of a requested scope, because denied categories turn
  // one scope into several. A client may always request the scope that it got in an earlier response.
  const isEcho = parsedRequest.scopes.every((scope) => returned.has(printScope(scope)));
  const mayAsk =
    checkRequestedScopeLength(requested) === undefined &&
    parsedRequest.scopes.every((scope) => isEnforced(scope, deps.types));
  if (parsedRequest.unknown.length === 0 && (isEcho || (mayAsk && coversAll(granted, parsedRequest.scopes)))) {
    const scope = printScopes(isEcho ? parsedRequest.scopes : intersectScopes(parsedRequest.scopes, granted));
    if (getCurrentScopes({ ...found, scope }, deps.types).length > 0) return scope;
  }
  throw new Problem('invalid_scope', {
    status: 400,
    message: `A refresh can't request more scopes than were granted: ${[...returned].join(' ')}. Leave out scope to get all of them.`,
  });
}

/** A refresh token that could not be exchanged, with the tokens that were to replace it. */
interface PresentedRefreshToken {
  readonly old: OpaqueToken;
  readonly mint: TokensToMint;
  readonly arrived: Date;
}

async function repeatOrReject(
  deps: TokenExchangeDeps,
  request: TokenRequest,
  presented: PresentedRefreshToken,
): Promise<TokenEndpointResponse> {
  const { old } = presented;
  const now = deps.clock.now();
  const found = await findToken(deps.db, now, old);
  if (found === undefined) {
    await rejectForgotten(deps, request, old);
    throw invalidGrant(UNKNOWN);
  }
  if (found.kind !== 'refresh' || found.clientId !== request.client.clientId) {
    throw invalidGrant('This refresh token was issued to a different app.');
  }
  if (found.jkt !== null && found.jkt !== request.jkt) {
    throw invalidGrantOf(found, 'This refresh token is bound to a key. Send a DPoP proof of that key.');
  }
  if (found.usedAt !== null && found.isActive) {
    const repeated = await repeatResponse(deps, request, presented, found);
    if (repeated !== undefined) return repeated;
    await endFamily(deps.db, now, old.familyId, REUSED);
  }
  throw invalidGrantOf(found, describeRefreshError(found, now));
}

/**
 * Rejects a token that isn't stored, if it is of a family that this client can refresh. The token is one that was used
 * long ago, so the family ends as for any reuse. Only tokens of the family contain its id, so no one else can end it.
 */
async function rejectForgotten(
  deps: TokenExchangeDeps,
  { client, jkt }: TokenRequest,
  old: OpaqueToken,
): Promise<void> {
  const now = deps.clock.now();
  const family = await findLivingFamily(deps.db, now, old, { clientId: client.clientId, jkt });
  if (family === undefined) return;
  await endFamily(deps.db, now, old.familyId, REUSED);
  const message = `This isn’t the current refresh token of this access, so all its tokens were revoked. ${REAUTHORIZE_HINT}`;
  throw invalidGrantOf(family, message);
}

function describeRefreshError(token: StoredToken, now: Date): string {
  if (token.reason !== undefined) return token.reason;
  if (token.usedAt !== null)
    return `This refresh token was already used ${formatElapsedSeconds(token.usedAt, now)} ago, so all tokens of this access were revoked. ${REAUTHORIZE_HINT}`;
  return `This refresh token expired at ${token.expiresAt.toISOString()}. ${REAUTHORIZE_HINT}`;
}

/**
 * Answers a retry by the same client within ten seconds, or shortly after a `ServiceInterruption` in which the first
 * response may have been lost. The client gets the new refresh token of the first response again, unless that token was
 * used already. The first few retries get an access token of their own; later ones get the first access token again.
 * Returns undefined if the request isn't a retry.
 */
async function repeatResponse(
  deps: TokenExchangeDeps,
  request: TokenRequest,
  { old, mint, arrived }: PresentedRefreshToken,
  token: StoredToken,
): Promise<TokenEndpointResponse | undefined> {
  if (token.usedAt === null || token.successor === null) return undefined;
  if (!isRetry(token.usedAt, arrived, deps.interruptions.findRecent(arrived))) return undefined;
  const [refresh, access] = decryptWithToken(old, token.successor).split(' ').map(parseToken);
  if (refresh === undefined) return undefined;
  const exchange = { old, clientId: request.client.clientId };
  const repeatedMint = { ...mint, refresh };
  const minted = await repeatRefresh(deps.db, arrived, exchange, repeatedMint);
  if (minted !== undefined) return respond(deps, request, minted, repeatedMint);
  // `access` is undefined if an older version of this server exchanged the refresh token, because that version stored
  // no access token with it.
  const resentMint = { ...repeatedMint, access: access ?? repeatedMint.access };
  const resent = await resendAccessToken(deps.db, arrived, exchange, resentMint);
  if (resent !== undefined) return respond(deps, request, resent, resentMint);
  const next = await findToken(deps.db, arrived, refresh);
  if (next !== undefined && next.usedAt === null && next.expiresAt > arrived)
    throw invalidGrantOf(token, REPEATED_TOO_OFTEN);
  return undefined;
}

const isRetry = (usedAt: Date, arrived: Date, interruption: ServiceInterruption | undefined): boolean =>
  usedAt >= later(arrived, -seconds(LIFETIMES.retry)) ||
  (interruption !== undefined && usedAt >= interruption.from && usedAt <= interruption.to);

/** Reason that is stored with a family whose refresh token was reused. */
const REUSED = 'its refresh token was used twice';
const UNKNOWN = 'Unknown refresh token. Sign in again to get a new one.';
const REPEATED_TOO_OFTEN = 'This refresh was repeated too often. Use the refresh token of the first response.';
