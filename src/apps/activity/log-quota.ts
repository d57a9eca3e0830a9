import { type ClientId, type Clock, minutes } from '../../kernel/index.ts';

/**
 * Rows per minute of one app and kind. Anyone who knows a client_id can cause errors of that app, so
 * each kind of error has its own quota.
 */
const MAX_ERRORS = 60;
const MAX_SUCCESSES = 240;
/**
 * Rows per minute of one app over all kinds that unauthenticated callers can cause, so that a flood
 * for one client_id doesn't use up the quota of other apps.
 */
const MAX_CLAIMED = 300;
/** Rows per minute of all apps together. More are only counted. */
const MAX_TOTAL = { proved: 6000, claimed: 3000, granted: 1500 };

/**
 * `proved`: requests of authenticated apps. `claimed`: requests by anyone who knows a client_id.
 * `granted`: issued tokens. Each has its own quota, so that tokens and unauthenticated requests never
 * displace the errors of an app.
 */
export type LogRowOrigin = keyof typeof MAX_TOTAL;

/**
 * Creates the check whether an app may log another row of a kind in the current minute. Kinds don't
 * displace each other.
 */
export function logQuota(clock: Clock): (clientId: ClientId, kind: string | undefined, cause: LogRowOrigin) => boolean {
  const counts = new Map<string, number>();
  let minute = 0;
  let all = { proved: 0, claimed: 0, granted: 0 };
  return (clientId, kind, cause) => {
    const now = Math.floor(clock.now().getTime() / minutes(1));
    if (now !== minute) {
      counts.clear();
      all = { proved: 0, claimed: 0, granted: 0 };
    }
    minute = now;
    if (all[cause] >= MAX_TOTAL[cause]) return false;
    const shares = [
      { key: `${clientId}\n${kind ?? ''}`, most: kind === undefined ? MAX_SUCCESSES : MAX_ERRORS },
      ...(cause === 'claimed' ? [{ key: `${clientId}\n\n`, most: MAX_CLAIMED }] : []),
    ];
    if (shares.some(({ key, most }) => (counts.get(key) ?? 0) >= most)) return false;
    for (const { key } of shares) counts.set(key, (counts.get(key) ?? 0) + 1);
    all[cause] += 1;
    return true;
  };
}
