import { type ClientId, type Clock, minutes } from '../../kernel/index.ts';
import { createMemoryCounts, type MemoryRateLimit } from '../../rate-limit/index.ts';

const perMinute = (most: number): MemoryRateLimit => ({ most, window: minutes(1), aligned: true });

/**
 * Most log rows per minute for one app and one kind of error. Anyone who knows a client_id can
 * cause errors of that app, so each kind of error has its own quota.
 */
const ERROR_LIMIT = perMinute(60);
const SUCCESS_LIMIT = perMinute(240);
/**
 * Most log rows per minute for one app that unauthenticated callers can cause, over all kinds of
 * errors. A flood of requests with one client_id therefore doesn't use up the quota of other apps.
 */
const CLAIMED_LIMIT = perMinute(300);
/** Most log rows per minute for all apps together, by origin. Requests beyond this limit are only counted. */
const TOTAL_LIMITS = { proved: perMinute(6000), claimed: perMinute(3000), granted: perMinute(1500) };
const TOTAL_KEY = 'all';

/**
 * Origin of a log row. `proved`: a request of an authenticated app. `claimed`: a request by anyone
 * who knows a client_id. `granted`: an issued token. Each origin has its own quota, so that tokens
 * and unauthenticated requests never displace the errors of an app.
 */
export type LogRowOrigin = keyof typeof TOTAL_LIMITS;

/**
 * Creates the check whether an app may log another row of a kind in the current minute. Each kind
 * of request has its own quota.
 */
export function logQuota(clock: Clock): (clientId: ClientId, kind: string | undefined, cause: LogRowOrigin) => boolean {
  const errors = createMemoryCounts(clock, ERROR_LIMIT);
  const successes = createMemoryCounts(clock, SUCCESS_LIMIT);
  const claimed = createMemoryCounts(clock, CLAIMED_LIMIT);
  const totals = {
    proved: createMemoryCounts(clock, TOTAL_LIMITS.proved),
    claimed: createMemoryCounts(clock, TOTAL_LIMITS.claimed),
    granted: createMemoryCounts(clock, TOTAL_LIMITS.granted),
  };
  return (clientId, kind, cause) => {
    const shares = [
      { counts: totals[cause], key: TOTAL_KEY },
      kind === undefined ? { counts: successes, key: clientId } : { counts: errors, key: `${clientId}\n${kind}` },
      ...(cause === 'claimed' ? [{ counts: claimed, key: clientId }] : []),
    ];
    // The quotas are checked before any is counted, so that a row that one quota rejects uses up
    // none of the others.
    if (shares.some(({ counts, key }) => counts.check(key) !== undefined)) return false;
    for (const { counts, key } of shares) counts.count(key);
    return true;
  };
}
