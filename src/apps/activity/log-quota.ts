import { type ClientId, type Clock, minutes } from '../../kernel/index.ts';
import { createMemoryCounts, type MemoryRateLimit } from '../../rate-limit/index.ts';

const perMinute = (most: number): MemoryRateLimit => ({ most, window: minutes(1), aligned: true });

/**
 * Rows per minute of one app and kind. Anyone who knows a client_id can cause errors of that app, so
 * each kind of error has its own quota.
 */
const ERROR_LIMIT = perMinute(60);
const SUCCESS_LIMIT = perMinute(240);
/**
 * Rows per minute of one app over all kinds that unauthenticated callers can cause, so that a flood
 * for one client_id doesn't use up the quota of other apps.
 */
const CLAIMED_LIMIT = perMinute(300);
/** Rows per minute of all apps together. More are only counted. */
const TOTAL_LIMITS = { proved: perMinute(6000), claimed: perMinute(3000), granted: perMinute(1500) };
const TOTAL_KEY = 'all';

/**
 * `proved`: requests of authenticated apps. `claimed`: requests by anyone who knows a client_id.
 * `granted`: issued tokens. Each has its own quota, so that tokens and unauthenticated requests never
 * displace the errors of an app.
 */
export type LogRowOrigin = keyof typeof TOTAL_LIMITS;

/**
 * Creates the check whether an app may log another row of a kind in the current minute. Kinds don't
 * displace each other.
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
    // A row that one quota rejects uses up none of the others.
    if (shares.some(({ counts, key }) => counts.check(key) !== undefined)) return false;
    for (const { counts, key } of shares) counts.count(key);
    return true;
  };
}
