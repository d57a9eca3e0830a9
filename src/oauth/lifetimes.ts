import type { Scope } from '../access/index.ts';
import { hasNamed } from '../access/index.ts';

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
  /** RFC 9126 §2.2: long enough for a person to sign in and read the consent page. */
  pushed: 600,
} as const;

/**
 * How long each refresh token of an authorization lives; null when it has none.
 * @param guide no `scope` was asked for: the guide's clients always get a refresh token
 */
export function refreshSeconds(granted: readonly Scope[], guide: boolean): number | null {
  if (hasNamed(granted, 'offline_access')) return LIFETIMES.offlineRefresh;
  if (guide) return LIFETIMES.guideRefresh;
  return hasNamed(granted, 'online_access') ? LIFETIMES.onlineRefresh : null;
}
