import { coversAll, intersect, parseScopes, printScopes } from '../../access/index.ts';
import { later, type PatientId, Problem, seconds } from '../../kernel/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import { LONGEST_SCOPE, type Parameters } from '../parameters.ts';
import type { Client } from '../ports.ts';
import { scopesNow, type TokenAnswer, tokenAnswer } from './answer.ts';
import { type GrantDeps, invalidGrant, mintPair, refused, required, texts } from './exchange-code.ts';
import { consumeRefresh, endFamily, type FoundToken, findAccess, findToken, subjectOf } from './store.ts';
import { openUnder, parseToken, sealUnder, type TokenText } from './token-text.ts';

/**
 * `grant_type=refresh_token`. RFC 6749 §6, RFC 9700 §4.14.2: each exchange gives a new refresh token; one that comes
 * again at once is a retry and gets the same answer; one that comes later was stolen, or its holder was, and ends the
 * family.
 */
export async function exchangeRefresh(
  deps: GrantDeps,
  client: Client,
  parameters: Parameters,
  requestId: string,
): Promise<TokenAnswer> {
  const old = parseToken(required(parameters, 'refresh_token'));
  if (old === undefined) throw invalidGrant('This is no refresh token of this server.');
  const now = deps.clock.now();
  const narrowed = await narrowedScope(deps, client, old, parameters['scope']);

  const minted = mintPair(deps, old.familyId, narrowed);
  const { access, refresh } = texts(minted);
  const successor = sealUnder(old, deps.random, JSON.stringify({ access, refresh }));
  const standing = await consumeRefresh(deps.db, now, { old, clientId: client.clientId, successor }, minted);
  if (standing === undefined) return await repeatOrRefuse(deps, client, old, requestId);

  await deps.audit.record({
    kind: 'token',
    outcome: 'success',
    requestId,
    ...subjectOf(standing),
    detail: { grant: 'refresh' },
  });
  const scopes = scopesNow({ ...standing, scope: narrowed ?? standing.scope }, deps.types);
  return tokenAnswer(deps, client, standing, { ...texts(minted), scopes });
}

/** RFC 6749 §6: the scope "must not include any scope not originally granted". By coverage, for the new access token only. */
async function narrowedScope(
  deps: GrantDeps,
  client: Client,
  old: TokenText,
  asked: string | undefined,
): Promise<string | null> {
  if (asked === undefined) return null;
  const found = await findToken(deps.db, deps.clock.now(), old);
  // Whose token it is, and whether it was used, is the first question; the exchange answers it.
  if (found === undefined || found.clientId !== client.clientId || found.usedAt !== null) return null;
  const held = parseScopes(found.familyScope).scopes;
  const wanted = parseScopes(asked);
  if (asked.length > LONGEST_SCOPE || wanted.unknown.length > 0 || !coversAll(held, wanted.scopes)) {
    throw new Problem('invalid_scope', {
      status: 400,
      message: `A refresh can't ask for more than was granted: ${found.familyScope}. Leave scope out to get all of it.`,
    });
  }
  return printScopes(intersect(wanted.scopes, held));
}

async function repeatOrRefuse(
  deps: GrantDeps,
  client: Client,
  old: TokenText,
  requestId: string,
): Promise<TokenAnswer> {
  const now = deps.clock.now();
  const found = await findToken(deps.db, now, old);
  if (found === undefined || found.kind !== 'refresh' || found.clientId !== client.clientId) {
    throw invalidGrant('This refresh token was not issued to this app.');
  }
  if (found.usedAt !== null && found.good) {
    const repeated = await repeat(deps, client, old, found);
    if (repeated !== undefined) {
      const detail = { grant: 'refresh', repeated: true };
      await deps.audit.record({ kind: 'token', outcome: 'success', requestId, ...subjectOf(found), detail });
      return repeated;
    }
    await endFamily(deps.db, now, old.familyId, 'refresh token used twice');
  }
  throw refused(found, `${reasonOf(found, now)} Send the patient through authorize again.`);
}

function reasonOf(found: FoundToken, now: Date): string {
  if (found.ended) return 'This access was ended.';
  if (found.usedAt !== null) return 'This refresh token was exchanged before, so all tokens of this access have ended.';
  if (found.expiresAt <= now) return `This refresh token expired at ${found.expiresAt.toISOString()}.`;
  return 'The app may no longer reach this record, or the session of an online access has ended.';
}

/** The same, still unused successor, to the same client, within ten seconds. */
async function repeat(
  deps: GrantDeps,
  client: Client,
  old: TokenText,
  found: FoundToken,
): Promise<TokenAnswer | undefined> {
  const now = deps.clock.now();
  if (found.usedAt === null || found.successor === null) return undefined;
  if (later(found.usedAt, seconds(LIFETIMES.retry)) < now) return undefined;
  const pair = JSON.parse(openUnder(old, found.successor)) as { access: string; refresh: string };
  const refresh = parseToken(pair.refresh);
  const access = parseToken(pair.access);
  if (refresh === undefined || access === undefined) return undefined;
  const next = await findToken(deps.db, now, refresh);
  if (next === undefined || next.usedAt !== null) return undefined;
  const row = await findAccess(deps.db, now, access);
  if (row === undefined) return undefined;
  const standing = {
    ...subjectOf(found),
    ...row,
    patientId: row.patient_id as PatientId,
    refreshing: true,
    nonce: null,
  };
  return tokenAnswer(deps, client, standing, {
    ...pair,
    accessExpires: row.expires_at,
    scopes: scopesNow(standing, deps.types),
  });
}
