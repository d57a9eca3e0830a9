import { hasNamed, printScopes, type Scope } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import type { Client } from '../ports.ts';
import { type AnswerDeps, fhirUserMember, type LaunchMembers, launchMembers, scopesNow } from './answer.ts';
import { findGood, type GoodToken } from './find.ts';
import type { LiveToken, LiveTokens } from './live-tokens.ts';
import { parseToken } from './token-text.ts';

/** Introspection response (RFC 7662 §2.2) with the launch context of the token response (SMART App Launch 2.2 §7.1). */
export type Introspection = { readonly active: false } | ActiveToken;

interface ActiveToken extends LaunchMembers {
  readonly active: true;
  readonly scope: string;
  readonly client_id: string;
  /** Only for access tokens, so that no other token is mistaken for one. */
  readonly token_type?: 'Bearer' | 'DPoP';
  /** Seconds since 1970. */
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  /** FHIR base URLs where an access token is valid. */
  readonly aud?: readonly string[];
  readonly sub: string;
  readonly fhirUser?: string;
  /** RFC 9449 §6.2 */
  readonly cnf?: { readonly jkt: string };
}

export interface IntrospectDeps extends AnswerDeps {
  readonly db: Executor;
  readonly liveTokens: LiveTokens;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

const INACTIVE = { active: false } as const;

/**
 * Describes a client's own tokens to it, and any access token to a resource server. For all others every token is
 * inactive (RFC 7662 §2.2, §4). Because of the token cache, an access token that has ended may be reported as active
 * for up to a second.
 */
export async function introspect(deps: IntrospectDeps, client: Client, text: string): Promise<Introspection> {
  const live = await deps.liveTokens.find(text);
  if (live !== undefined) return isTold(deps, client, live) ? accessToken(deps, live) : INACTIVE;
  const token = parseToken(text);
  const refresh = token && (await findGood(deps.db, deps.clock.now(), token, 'refresh'));
  if (refresh === undefined || refresh.clientId !== client.clientId || isUnapproved(deps, refresh)) return INACTIVE;
  return refreshToken(deps, refresh);
}

/** Whether the client may see the token. It is inactive while the practice has turned its API off. */
const isTold = (deps: IntrospectDeps, client: Client, { token }: LiveToken): boolean =>
  (token.clientId === client.clientId || client.mayIntrospect) && token.practiceEnabled && !isUnapproved(deps, token);

const isUnapproved = ({ provisionalApps }: IntrospectDeps, { provisional }: GoodToken): boolean =>
  provisional && provisionalApps === 'inactive';

function accessToken(deps: IntrospectDeps, { token, grant, scope }: LiveToken): ActiveToken {
  const { apis, scopes } = grant;
  return {
    ...membersOf(deps, token, { scopes, scope }),
    token_type: token.jkt === undefined ? 'Bearer' : 'DPoP',
    aud: apis.map((api) => deps.addresses.fhir[api]),
    ...(hasNamed(scopes, 'openid') ? fhirUserMember(token, grant, scopes, deps.addresses) : {}),
  };
}

function refreshToken(deps: IntrospectDeps, token: GoodToken): ActiveToken {
  const scopes = scopesNow(token, deps.types);
  return membersOf(deps, token, { scopes, scope: printScopes(scopes) });
}

function membersOf(
  { addresses }: IntrospectDeps,
  token: GoodToken,
  { scopes, scope }: { scopes: readonly Scope[]; scope: string },
): ActiveToken {
  return {
    active: true,
    scope,
    client_id: token.clientId,
    exp: Math.floor(token.expiresAt.getTime() / 1000),
    iat: Math.floor(token.issuedAt.getTime() / 1000),
    iss: addresses.issuer,
    // RFC 9068 §2.2: without a user, the subject is the client.
    sub: token.accountId ?? token.clientId,
    ...launchMembers(token, scopes, addresses),
    ...(token.jkt === undefined ? {} : { cnf: { jkt: token.jkt } }),
  };
}
