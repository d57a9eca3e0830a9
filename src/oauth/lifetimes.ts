import { hasNamedScope, type Scope } from '../access/index.ts';
import type { App } from '../domain/index.ts';

/** Lifetimes of codes, tokens and pushed requests, in seconds. */
export const LIFETIMES = {
  /**
   * Authorization code. RFC 6749 §4.1.2 recommends at most ten minutes. One minute is enough, because the redirect to
   * the app takes only a moment.
   */
  code: 60,
  access: 3600,
  /** Access token of a backend app. SMART Backend Services: "should have expires_in no longer than 300". */
  backendAccess: 300,
  idToken: 3600,
  /**
   * Refresh token as NextGen's guide promises it: "Refresh Tokens must be exchanged within 48 hours of issue". Each
   * refresh token has 48 hours from its own issue.
   */
  guideRefresh: 48 * 3600,
  /**
   * Refresh token with the scope `offline_access`. ONC §170.315(g)(10)(v): "no less than three months", which is at
   * most 92 days. Each exchange starts the lifetime again.
   */
  offlineRefresh: 93 * 86_400,
  /** Refresh token with the scope `online_access`. It also ends with the person's session. */
  onlineRefresh: 12 * 3600,
  /** A refresh request that is repeated within this time is a retry and gets the same refresh token. */
  retry: 10,
  /**
   * For this long after an interruption (the server was killed or its database was unreachable), repeating a refresh
   * request from before or during the interruption also counts as a retry.
   */
  interruptedRetry: 60,
  /**
   * For this long after its use, a refresh token is stored, so that the app learns when it was used. Later, its reuse is
   * recognized by the id of its family.
   */
  usedRefresh: 7 * 86_400,
  /** Pushed authorization request (RFC 9126 §2.2). A person has this much time to sign in and read the consent page. */
  pushed: 600,
} as const;

/**
 * How long access lasts unless it is ended earlier. `rolling`: without an end, provided that the app refreshes at least
 * every `days` days. `session`: until the person signs out, or at most `seconds`. `hour`: as long as one access token
 * is valid.
 */
export type AccessTerm =
  | { readonly kind: 'rolling'; readonly days: number }
  | { readonly kind: 'session' | 'hour'; readonly seconds: number };

/** The part of an authorization request that determines the lifetime of its refresh tokens. */
export interface RefreshTokenRequest {
  readonly client: Pick<App, 'kind' | 'auth'>;
  /** Scopes that the app gets if the person declines nothing on the consent page. */
  readonly scopes: readonly Scope[];
  /** Whether the app sent no `scope`. Clients written for NextGen's guide send none, and always get a refresh token. */
  readonly scopeOmitted: boolean;
}

/**
 * Returns the lifetime of each refresh token of an authorization in seconds, or null if the app gets no refresh token.
 * NextGen's guide promises a refresh token without conditions, so a confidential patient app gets one with any scopes,
 * unless the patient declined `offline_access`.
 */
export function refreshTokenSeconds(
  granted: readonly Scope[],
  { client, scopes, scopeOmitted }: RefreshTokenRequest,
): number | null {
  if (hasNamedScope(granted, 'offline_access')) return LIFETIMES.offlineRefresh;
  if (scopeOmitted) return LIFETIMES.guideRefresh;
  if (hasNamedScope(granted, 'online_access')) return LIFETIMES.onlineRefresh;
  const declined = hasNamedScope(scopes, 'offline_access');
  return client.kind === 'patient' && client.auth !== 'none' && !declined ? LIFETIMES.guideRefresh : null;
}

/** Returns how long access lasts with the granted scopes if the person doesn't choose an earlier end. */
export function getAccessTerm(granted: readonly Scope[], request: RefreshTokenRequest): AccessTerm {
  const refresh = refreshTokenSeconds(granted, request);
  if (refresh === null) return { kind: 'hour', seconds: LIFETIMES.code + LIFETIMES.access };
  if (refresh === LIFETIMES.onlineRefresh) return { kind: 'session', seconds: refresh };
  return { kind: 'rolling', days: refresh / 86_400 };
}

/** How long access lasts if the person declines offline access. */
export const getAccessTermWithoutOffline = (request: RefreshTokenRequest): AccessTerm =>
  getAccessTerm(
    request.scopes.filter((scope) => scope.kind !== 'named' || scope.name !== 'offline_access'),
    request,
  );
