import { coversAll, intersect, parseScopes, printScope, printScopes, tooMuchToAsk } from '../../access/index.ts';
import { later, Problem, seconds } from '../../kernel/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import { isEnforced } from '../scopes.ts';
import { scopesNow, type TokenAnswer, tokenAnswer } from './answer.ts';
import { consumeRefresh, type Minted, repeatExchange, type ToMint } from './consume.ts';
import { type GrantDeps, type TokenRequest, toMint } from './exchange-code.ts';
import { endFamily } from './families.ts';
import { AGAIN, type FoundToken, findToken } from './find.ts';
import { subjectOf } from './good.ts';
import { invalidGrant, refused, required, secondsBetween } from './refusal.ts';
import { openUnder, parseToken, sealUnder, type TokenText } from './token-text.ts';

/**
 * `grant_type=refresh_token`. RFC 6749 §6, RFC 9700 §4.14.2: each exchange gives a new refresh token; one that comes
 * again at once is a retry and gets the same one; one that comes later was stolen, or its holder was, and ends the
 * family.
 */
export async function exchangeRefresh(deps: GrantDeps, request: TokenRequest): Promise<TokenAnswer> {
  const { client, parameters, jkt } = request;
  const old = parseToken(required(parameters, 'refresh_token'));
  if (old === undefined) throw invalidGrant('This is no refresh token of this server.');
  const narrowed = await narrowedScope(deps, request, old);

  const mint = toMint(deps, old.familyId, narrowed, jkt);
  const successor = sealUnder(old, deps.random, mint.refresh.text);
  const exchange = { old, clientId: client.clientId, successor };
  const minted = await consumeRefresh(deps.db, deps.clock.now(), exchange, mint);
  if (minted === undefined) return repeatOrRefuse(deps, request, old, mint);
  return answered(deps, request, minted, mint, {});
}

async function answered(
  deps: GrantDeps,
  { client, requestId, jkt }: TokenRequest,
  minted: Minted,
  { access, refresh, scope }: ToMint,
  detail: Readonly<Record<string, unknown>>,
): Promise<TokenAnswer> {
  await deps.audit.record({
    kind: 'token',
    outcome: 'success',
    requestId,
    ...subjectOf(minted),
    detail: { grant: 'refresh', ...detail },
  });
  const scopes = scopesNow({ ...minted, scope: scope ?? minted.scope }, deps.types);
  const bound = jkt !== undefined;
  return tokenAnswer(deps, client, minted, { access: access.text, refresh: refresh.text, scopes, bound });
}

/** RFC 6749 §6: the scope "must not include any scope not originally granted". By coverage, for the new access token only. */
async function narrowedScope(
  deps: GrantDeps,
  { client, parameters }: TokenRequest,
  old: TokenText,
): Promise<string | null> {
  const asked = parameters['scope'];
  if (asked === undefined) return null;
  const found = await findToken(deps.db, deps.clock.now(), old);
  // Whose token it is and whether it is good is the first question; the exchange answers it.
  if (found === undefined || found.clientId !== client.clientId || !found.good) return null;
  const held = parseScopes(found.scope).scopes;
  const wanted = parseScopes(asked);
  const answered = new Set(scopesNow(found, deps.types).map(printScope));
  // What was answered may be longer than what can be asked for: narrowed to categories, one scope becomes several.
  const isEcho = wanted.scopes.every((scope) => answered.has(printScope(scope)));
  const mayAsk = tooMuchToAsk(asked) === undefined && wanted.scopes.every((scope) => isEnforced(scope, deps.types));
  if (wanted.unknown.length === 0 && (isEcho || (mayAsk && coversAll(held, wanted.scopes)))) {
    const scope = printScopes(isEcho ? wanted.scopes : intersect(wanted.scopes, held));
    if (scopesNow({ ...found, scope }, deps.types).length > 0) return scope;
  }
  throw new Problem('invalid_scope', {
    status: 400,
    message: `A refresh can't ask for more than is granted: ${[...answered].join(' ')}. Leave scope out to get all of it.`,
  });
}

async function repeatOrRefuse(
  deps: GrantDeps,
  request: TokenRequest,
  old: TokenText,
  mint: ToMint,
): Promise<TokenAnswer> {
  const now = deps.clock.now();
  const found = await findToken(deps.db, now, old);
  if (found === undefined || found.kind !== 'refresh' || found.clientId !== request.client.clientId) {
    throw invalidGrant('This refresh token was not issued to this app.');
  }
  if (found.jkt !== null && found.jkt !== request.jkt) {
    throw refused(found, 'This refresh token is bound to a key: send a DPoP proof of the key it was issued for.');
  }
  if (found.usedAt !== null && found.good) {
    const repeated = await repeat(deps, request, { old, found, mint });
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

/** The same, still unused refresh token with a fresh access token, to the same client, within ten seconds. */
async function repeat(
  deps: GrantDeps,
  request: TokenRequest,
  { old, found, mint }: { old: TokenText; found: FoundToken; mint: ToMint },
): Promise<TokenAnswer | undefined> {
  const now = deps.clock.now();
  const since = later(now, -seconds(LIFETIMES.retry));
  if (found.usedAt === null || found.usedAt < since || found.successor === null) return undefined;
  const refresh = parseToken(openUnder(old, found.successor));
  if (refresh === undefined) return undefined;
  const again = { ...mint, refresh };
  const exchange = { old, clientId: request.client.clientId, since };
  const minted = await repeatExchange(deps.db, now, exchange, again);
  return minted === undefined ? undefined : answered(deps, request, minted, again, { repeated: true });
}
