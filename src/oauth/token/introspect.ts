import { hasNamedScope, printScopes, type Scope } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import type { App } from '../../domain/index.ts';
import { type ActiveTokenContext, findActiveToken } from './find-token.ts';
import { parseToken } from './opaque-token.ts';
import type { CachedToken, TokenCache } from './token-cache.ts';
import {
  buildFhirUserMember,
  buildLaunchMembers,
  getCurrentScopes,
  type LaunchResponseMembers,
  type TokenResponseDeps,
} from './token-response.ts';

/** Introspection response (RFC 7662 §2.2) with the launch context of the token response (SMART App Launch 2.2 §7.1). */
export type IntrospectionResponse = { readonly active: false } | ActiveIntrospection;

interface ActiveIntrospection extends LaunchResponseMembers {
  readonly active: true;
  readonly scope: string;
  readonly client_id: string;
  /**
   * Type of an access token. Absent for other tokens, so that a resource server doesn't mistake them for access tokens.
   */
  readonly token_type?: 'Bearer' | 'DPoP';
  /** Expiry in seconds since 1970. */
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  /** FHIR base URLs where an access token is valid. Absent for other tokens. */
  readonly aud?: readonly string[];
  readonly sub: string;
  readonly fhirUser?: string;
  /** Thumbprint of the DPoP key that the token is bound to. RFC 9449 §6.2 */
  readonly cnf?: { readonly jkt: string };
}

export interface IntrospectDeps extends TokenResponseDeps {
  readonly db: Executor;
  readonly liveTokens: TokenCache;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

const INACTIVE = { active: false } as const;

/**
 * Describes a client's own tokens to that client, and any access token to a resource server. To all other clients,
 * every token is reported as inactive (RFC 7662 §2.2, §4). Because of the token cache, an access token that has ended
 * may be reported as active for up to a second.
 */
export async function introspect(deps: IntrospectDeps, client: App, text: string): Promise<IntrospectionResponse> {
  const live = await deps.liveTokens.find(text);
  if (live !== undefined) return mayIntrospect(deps, client, live) ? introspectAccessToken(deps, live) : INACTIVE;
  const token = parseToken(text);
  const refresh = token && (await findActiveToken(deps.db, deps.clock.now(), token, 'refresh'));
  if (refresh === undefined || refresh.clientId !== client.clientId || isInactiveProvisional(deps, refresh))
    return INACTIVE;
  return introspectRefreshToken(deps, refresh);
}

/** Whether the client may see the token as active. While the practice has turned its API off, no client may. */
const mayIntrospect = (deps: IntrospectDeps, client: App, { token }: CachedToken): boolean =>
  (token.clientId === client.clientId || client.mayIntrospect) &&
  token.practiceEnabled &&
  !isInactiveProvisional(deps, token);

const isInactiveProvisional = ({ provisionalApps }: IntrospectDeps, { provisional }: ActiveTokenContext): boolean =>
  provisional && provisionalApps === 'inactive';

function introspectAccessToken(deps: IntrospectDeps, { token, grant, scope }: CachedToken): ActiveIntrospection {
  const { apis, scopes } = grant;
  return {
    ...commonMembers(deps, token, { scopes, scope }),
    token_type: token.jkt === undefined ? 'Bearer' : 'DPoP',
    aud: apis.map((api) => deps.addresses.fhir[api]),
    ...(hasNamedScope(scopes, 'openid') ? buildFhirUserMember(token, grant, scopes, deps.addresses) : {}),
  };
}

function introspectRefreshToken(deps: IntrospectDeps, token: ActiveTokenContext): ActiveIntrospection {
  const scopes = getCurrentScopes(token, deps.types);
  return commonMembers(deps, token, { scopes, scope: printScopes(scopes) });
}

function commonMembers(
  { addresses }: IntrospectDeps,
  token: ActiveTokenContext,
  { scopes, scope }: { scopes: readonly Scope[]; scope: string },
): ActiveIntrospection {
  return {
    active: true,
    scope,
    client_id: token.clientId,
    exp: Math.floor(token.expiresAt.getTime() / 1000),
    iat: Math.floor(token.issuedAt.getTime() / 1000),
    iss: addresses.issuer,
    // If no person is involved, the subject is the client (RFC 9068 §2.2).
    sub: token.accountId ?? token.clientId,
    ...buildLaunchMembers(token, scopes, addresses),
    ...(token.jkt === undefined ? {} : { cnf: { jkt: token.jkt } }),
  };
}
