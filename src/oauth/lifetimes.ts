import { hasNamed, type Scope } from '../access/index.ts';
import type { AccessTerm, Client } from './ports.ts';

/** All in seconds. */
export const LIFETIMES = {
  /** RFC 6749 §4.1.2 recommends ten minutes at most; a redirect takes a moment. */
  code: 60,
  access: 3600,
  /** SMART Backend Services: "should have expires_in no longer than 300". */
  backendAccess: 300,
  idToken: 3600,
  /** "Refresh Tokens must be exchanged within 48 hours of issue": each from its own issue. */
  guideRefresh: 48 * 3600,
  /** ONC §170.315(g)(10)(v): "no less than three months", which are 92 days at most. Rolling: each exchange begins it anew. */
  offlineRefresh: 93 * 86_400,
  /** online_access: also ends with the session. */
  onlineRefresh: 12 * 3600,
  /** A refresh repeated this soon is a retry: it gets the same refresh token. */
  retry: 10,
  /** So long after an interruption (the server was killed, its database was away) a refresh of before or within it is a retry too. */
  interruptedRetry: 60,
  /** RFC 9126 §2.2: long enough for a person to sign in and read the consent page. */
  pushed: 600,
} as const;

/** The part of an authorization request that decides about refresh tokens. */
export interface RefreshRequest {
  readonly client: Pick<Client, 'kind' | 'auth'>;
  /** What may be granted, before the person chooses. */
  readonly scopes: readonly Scope[];
  /** No `scope` was asked for: the guide's clients always get a refresh token. */
  readonly guide: boolean;
}

/**
 * How long each refresh token of an authorization lives; null when it has none. The guide promises one without
 * conditions, so a confidential patient app has it whatever scopes it sends, unless the patient declined offline_access.
 */
export function refreshSeconds(granted: readonly Scope[], { client, scopes, guide }: RefreshRequest): number | null {
  if (hasNamed(granted, 'offline_access')) return LIFETIMES.offlineRefresh;
  if (guide) return LIFETIMES.guideRefresh;
  if (hasNamed(granted, 'online_access')) return LIFETIMES.onlineRefresh;
  const declined = hasNamed(scopes, 'offline_access');
  return client.kind === 'patient' && client.auth !== 'none' && !declined ? LIFETIMES.guideRefresh : null;
}

/** How long access lasts with these scopes, unless the person chooses a shorter time. */
export function accessTerm(granted: readonly Scope[], request: RefreshRequest): AccessTerm {
  const refresh = refreshSeconds(granted, request);
  if (refresh === null) return { kind: 'hour', seconds: LIFETIMES.code + LIFETIMES.access };
  if (refresh === LIFETIMES.onlineRefresh) return { kind: 'session', seconds: refresh };
  return { kind: 'rolling', days: refresh / 86_400 };
}

/** The same where the person doesn't let the app keep access when they are away. */
export const termWithoutOffline = (request: RefreshRequest): AccessTerm =>
  accessTerm(
    request.scopes.filter((scope) => scope.kind !== 'named' || scope.name !== 'offline_access'),
    request,
  );
