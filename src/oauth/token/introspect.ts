import { hasNamed, printScopes } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import type { Client } from '../ports.ts';
import { type AnswerDeps, fhirUserMember, type LaunchMembers, launchMembers, scopesNow } from './answer.ts';
import { findGood, type GoodToken } from './find.ts';
import { parseToken } from './token-text.ts';

/** RFC 7662 §2.2 with SMART App Launch 2.2 §7.1: whatever the token answer said of the launch. */
export type Introspection = { readonly active: false } | ActiveToken;

interface ActiveToken extends LaunchMembers {
  readonly active: true;
  readonly scope: string;
  readonly client_id: string;
  readonly token_type: 'Bearer' | 'DPoP';
  /** Seconds since 1970. */
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly aud: readonly string[];
  readonly sub: string;
  readonly fhirUser?: string;
  /** RFC 9449 §6.2 */
  readonly cnf?: { readonly jkt: string };
}

export interface IntrospectDeps extends AnswerDeps {
  readonly db: Executor;
  readonly provisionalApps: 'sandbox' | 'inactive';
}

const INACTIVE = { active: false } as const;

/**
 * Tells a client about a token of its own, and a resource server about any. To everybody else each token is inactive,
 * whatever it is: RFC 7662 §2.2, §4.
 */
export async function introspect(deps: IntrospectDeps, client: Client, text: string): Promise<Introspection> {
  const token = parseToken(text);
  if (token === undefined) return INACTIVE;
  const now = deps.clock.now();
  const found = (await findGood(deps.db, now, token, 'access')) ?? (await findGood(deps.db, now, token, 'refresh'));
  if (found === undefined) return INACTIVE;
  if (found.clientId !== client.clientId && !client.mayIntrospect) return INACTIVE;
  if (found.provisional && deps.provisionalApps === 'inactive') return INACTIVE;
  return activeToken(deps, found);
}

function activeToken(deps: IntrospectDeps, found: GoodToken): ActiveToken {
  const scopes = scopesNow(found, deps.types);
  const { fhir, issuer } = deps.addresses;
  const apis = found.apis as (keyof typeof fhir)[];
  return {
    active: true,
    scope: printScopes(scopes),
    client_id: found.clientId,
    token_type: found.jkt === undefined ? 'Bearer' : 'DPoP',
    exp: Math.floor(found.expiresAt.getTime() / 1000),
    iat: Math.floor(found.issuedAt.getTime() / 1000),
    iss: issuer,
    aud: apis.map((api) => fhir[api]),
    // RFC 9068 §2.2: for a token that acts for nobody it is the client.
    sub: found.accountId ?? found.clientId,
    ...launchMembers(found, deps.addresses),
    ...(hasNamed(scopes, 'openid') ? fhirUserMember(found, { apis }, scopes, deps.addresses) : {}),
    ...(found.jkt === undefined ? {} : { cnf: { jkt: found.jkt } }),
  };
}
