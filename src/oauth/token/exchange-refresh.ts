import { coversAll, intersect, parseScopes, printScope, printScopes, tooMuchToAsk } from '../../access/index.ts';
import { later, Problem, seconds } from '../../kernel/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import { isEnforced } from '../scopes.ts';
import { scopesNow, type TokenAnswer, tokenAnswer } from './answer.ts';
import { consumeRefresh, type Minted, repeatAnswer, repeatExchange, type ToMint } from './consume.ts';
import { type GrantDeps, type TokenRequest, toMint } from './exchange-code.ts';
import { endFamily } from './families.ts';
import { AGAIN, type FoundToken, findToken } from './find.ts';
import type { Interruption } from './interruptions.ts';
import { invalidGrant, refused, required, secondsBetween } from './refusal.ts';
import { openUnder, parseToken, sealUnder, type TokenText } from './token-text.ts';

/**
 * `grant_type=refresh_token`. Each refresh issues a new refresh token. The same token sent again at once is a retry and
 * gets the same response. Sent later, either the token or its successor is in the wrong hands, so the whole family
 * ends. RFC 6749 §6, RFC 9700 §4.14.2
 */
export async function exchangeRefresh(deps: GrantDeps, request: TokenRequest): Promise<TokenAnswer> {
  const { client, parameters } = request;
  const old = parseToken(required(parameters, 'refresh_token'));
  if (old === undefined) throw invalidGrant('This is no refresh token of this server.');
  const narrowed = await narrowedScope(deps, request, old);

  const arrived = deps.clock.now();
  const mint = toMint(deps, old.familyId, narrowed, request);
  const successors = `${mint.refresh.text} ${mint.access.text}`;
  const exchange = { old, clientId: client.clientId, successor: sealUnder(old, deps.random, successors) };
  await deps.audit.ready();
  const minted = await consumeRefresh(deps.db, arrived, exchange, mint);
  if (minted === undefined) return repeatOrRefuse(deps, request, { old, mint, arrived });
  deps.interruptions.noteStall(arrived);
  return answered(deps, request, minted, mint);
}

function answered(
  deps: GrantDeps,
  { client, jkt }: TokenRequest,
  minted: Minted,
  { access, refresh, scope }: ToMint,
): Promise<TokenAnswer> {
  const scopes = scopesNow({ ...minted, scope: scope ?? minted.scope }, deps.types);
  const bound = jkt !== undefined;
  return tokenAnswer(deps, client, minted, { access: access.text, refresh: refresh.text, scopes, bound });
}

/**
 * RFC 6749 §6: the scope "must not include any scope not originally granted". It may be covered by a granted scope, and
 * applies to the new access token only.
 */
async function narrowedScope(
  deps: GrantDeps,
  { client, parameters }: TokenRequest,
  old: TokenText,
): Promise<string | null> {
  const requested = parameters['scope'];
  if (requested === undefined) return null;
  const found = await findToken(deps.db, deps.clock.now(), old);
  // The exchange reports tokens that are unknown, foreign or no longer valid.
  if (found === undefined || found.clientId !== client.clientId || !found.good) return null;
  const granted = parseScopes(found.scope).scopes;
  const parsedRequest = parseScopes(requested);
  const returned = new Set(scopesNow(found, deps.types).map(printScope));
  // The scope of an earlier response may be longer than what can be requested, because denied categories turn one scope
  // into several. Sending it back is always allowed.
  const isEcho = parsedRequest.scopes.every((scope) => returned.has(printScope(scope)));
  const mayAsk =
    tooMuchToAsk(requested) === undefined && parsedRequest.scopes.every((scope) => isEnforced(scope, deps.types));
  if (parsedRequest.unknown.length === 0 && (isEcho || (mayAsk && coversAll(granted, parsedRequest.scopes)))) {
    const scope = printScopes(isEcho ? parsedRequest.scopes : intersect(parsedRequest.scopes, granted));
    if (scopesNow({ ...found, scope }, deps.types).length > 0) return scope;
  }
  throw new Problem('invalid_scope', {
    status: 400,
    message: `A refresh can't ask for more than is granted: ${[...returned].join(' ')}. Leave scope out to get all of it.`,
  });
}

/** A refresh token that could not be exchanged. */
interface Presented {
  readonly old: TokenText;
  readonly mint: ToMint;
  readonly arrived: Date;
}

async function repeatOrRefuse(deps: GrantDeps, request: TokenRequest, presented: Presented): Promise<TokenAnswer> {
  const { old } = presented;
  const now = deps.clock.now();
  const found = await findToken(deps.db, now, old);
  if (found === undefined || found.kind !== 'refresh' || found.clientId !== request.client.clientId) {
    throw invalidGrant('This refresh token was not issued to this app.');
  }
  if (found.jkt !== null && found.jkt !== request.jkt) {
    throw refused(found, 'This refresh token is bound to a key: send a DPoP proof of the key it was issued for.');
  }
  if (found.usedAt !== null && found.good) {
    const repeated = await repeat(deps, request, presented, found);
    if (repeated !== undefined) return repeated;
    await endFamily(deps.db, now, old.familyId, 'its refresh token was used twice');
  }
  throw refused(found, faultOf(found, now));
}

function faultOf(found: FoundToken, now: Date): string {
  if (found.reason !== undefined) return found.reason;
  if (found.usedAt !== null)
    return `This refresh token was exchanged ${secondsBetween(found.usedAt, now)} ago, so all tokens of this access have ended. ${AGAIN}`;
  return `This refresh token expired at ${found.expiresAt.toISOString()}. ${AGAIN}`;
}

/**
 * Answers a retry by the same client within ten seconds, or shortly after an interruption in which the first response
 * may have been lost. It returns the same, still unused refresh token. The first few retries get an access token of
 * their own; later ones get the first access token again. Returns undefined when it isn't a retry.
 */
async function repeat(
  deps: GrantDeps,
  request: TokenRequest,
  { old, mint, arrived }: Presented,
  found: FoundToken,
): Promise<TokenAnswer | undefined> {
  if (found.usedAt === null || found.successor === null) return undefined;
  if (!isRetry(found.usedAt, arrived, deps.interruptions.lately(arrived))) return undefined;
  const [refresh, access] = openUnder(old, found.successor).split(' ').map(parseToken);
  if (refresh === undefined) return undefined;
  const exchange = { old, clientId: request.client.clientId };
  const repeatedMint = { ...mint, refresh };
  const minted = await repeatExchange(deps.db, arrived, exchange, repeatedMint);
  if (minted !== undefined) return answered(deps, request, minted, repeatedMint);
  // Tokens exchanged before an update of this server have no access token stored with them.
  const resentMint = { ...repeatedMint, access: access ?? repeatedMint.access };
  const resent = await repeatAnswer(deps.db, arrived, exchange, resentMint);
  if (resent !== undefined) return answered(deps, request, resent, resentMint);
  const next = await findToken(deps.db, arrived, refresh);
  if (next !== undefined && next.usedAt === null && next.expiresAt > arrived) throw refused(found, TOO_OFTEN);
  return undefined;
}

const isRetry = (usedAt: Date, arrived: Date, interruption: Interruption | undefined): boolean =>
  usedAt >= later(arrived, -seconds(LIFETIMES.retry)) ||
  (interruption !== undefined && usedAt >= interruption.from && usedAt <= interruption.to);

const TOO_OFTEN = 'This refresh was repeated too often. Use the refresh token that it was answered with.';
