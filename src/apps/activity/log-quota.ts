import { type ClientId, type Clock, minutes } from '../../kernel/index.ts';
import { createMemoryCounts, type MemoryRateLimit } from '../../rate-limit/index.ts';

const perMinute = (max: number): MemoryRateLimit => ({ max, window: minutes(1), aligned: true });

/**
 * Maximum number of log rows per minute for one app and one error code, or one grant type of issued
 * tokens. Anyone who knows a client_id can cause errors of that app, so each error code has its own
 * quota.
 */
const ERROR_LIMIT = perMinute(60);
const SUCCESS_LIMIT = perMinute(240);
/**
 * Maximum number of log rows per minute for one app that unauthenticated callers can cause, over
 * all error codes. A flood of requests with one client_id therefore doesn't use up the limit that
 * all apps share (see `TOTAL_LIMITS`).
 */
const CLAIMED_LIMIT = perMinute(300);
/**
 * Maximum number of log rows per minute for all apps together, by origin. Requests beyond this
 * limit are only counted.
 */
const TOTAL_LIMITS = { proved: perMinute(6000), claimed: perMinute(3000), granted: perMinute(1500) };
const TOTAL_KEY = 'all';

/**
 * Origin of a log row. `proved`: a request of an authenticated app. `claimed`: a request by anyone
 * who knows a client_id. `granted`: an issued token. Each origin has its own quota, so that tokens
 * and unauthenticated requests never displace the errors of an app.
 */
export type LogRowOrigin = keyof typeof TOTAL_LIMITS;

/**
 * Creates a function that returns whether a log row may be stored, and counts the row if so. Each
 * row counts toward the quota of its origin and toward the quota of its app and `kind`. A row that
 * an unauthenticated caller caused also counts toward the quota of its app for such rows. The row
 * isn't stored if one of these quotas is used up.
 * @returns the function; its `kind` is an error code, the grant type of an issued token, or
 * undefined for any other successful request
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
    // Checks all quotas before the row is counted in any: a row that one quota rejects must not use
    // up the others.
    if (shares.some(({ counts, key }) => counts.check(key) !== undefined)) return false;
    for (const { counts, key } of shares) counts.count(key);
    return true;
  };
}
