import { type Clock, minutes, seconds } from '../kernel/index.ts';

/** State of a bucket after a request. */
export interface BucketState {
  readonly isAllowed: boolean;
  /** Number of requests that the bucket would allow at once now. */
  readonly remaining: number;
  /** Seconds until the bucket allows one request more, rounded up: at least 1. */
  readonly secondsToNext: number;
  /** Whether the request was rejected, and none of the key had been rejected in the minute before. */
  readonly isFirstRejection: boolean;
  /**
   * Milliseconds for which a rejection should be held back: 0 if the request is allowed. Rejections of one key are then
   * 15 ms apart, as long as none waits for more than a second.
   */
  readonly holdMs: number;
}

/** Token buckets in the memory of this process. */
export interface TokenBuckets {
  /**
   * Takes one token from the bucket of a key. A full bucket has `perMinute` tokens, and as many flow in per minute. So a
   * key may use a minute's worth at once, and `perMinute` in the long run. The number may change at any time.
   */
  take(key: string, perMinute: number): BucketState;
}

interface Bucket {
  tokens: number;
  /** Time of the last request, in milliseconds. */
  at: number;
  rejectedAt: number;
  /** Time at which the last rejection may be sent, in milliseconds. */
  lastHeldUntil: number;
}

/** Maximum number of buckets. The oldest one is dropped for a new one; its key then gets a full bucket. */
const MAX_BUCKETS = 10_000;
const MINUTE = minutes(1);
/** Time in milliseconds between two rejections of a key, and the maximum for which one is held back. */
const REJECTION_INTERVAL = 15;
const MAX_HOLD = seconds(1);
/** Part of a token that rounding may lose. */
const TOLERANCE = 1e-6;

/** Creates token buckets, all of them full. At most 10,000 keys have one. */
export function createTokenBuckets(clock: Clock): TokenBuckets {
  const buckets = new Map<string, Bucket>();

  function add(key: string, tokens: number, at: number): Bucket {
    const bucket = { tokens, at, rejectedAt: Number.NEGATIVE_INFINITY, lastHeldUntil: Number.NEGATIVE_INFINITY };
    buckets.set(key, bucket);
    const [oldest] = buckets.keys();
    if (buckets.size > MAX_BUCKETS && oldest !== undefined) buckets.delete(oldest);
    return bucket;
  }

  return {
    take(key, perMinute) {
      const now = clock.now().getTime();
      const bucket = buckets.get(key) ?? add(key, perMinute, now);
      // The clock of the machine may be set back.
      const elapsed = Math.max(0, now - bucket.at);
      const available = Math.min(perMinute, bucket.tokens + (elapsed * perMinute) / MINUTE);
      const isAllowed = available >= 1 - TOLERANCE;
      bucket.tokens = isAllowed ? Math.max(0, available - 1) : available;
      bucket.at = now;
      const isFirstRejection = !isAllowed && now - bucket.rejectedAt >= MINUTE;
      if (isFirstRejection) bucket.rejectedAt = now;
      const holdMs = isAllowed ? 0 : hold(bucket, now);
      const remaining = Math.floor(bucket.tokens + TOLERANCE);
      const toNext = ((remaining + 1 - bucket.tokens) * MINUTE) / perMinute;
      const secondsToNext = Math.max(1, Math.ceil(toNext / seconds(1) - TOLERANCE));
      return { isAllowed, remaining, secondsToNext, isFirstRejection, holdMs };
    },
  };
}

/** Returns the milliseconds for which the next rejection is held back. */
function hold(bucket: Bucket, now: number): number {
  const milliseconds = Math.min(MAX_HOLD, Math.max(0, bucket.lastHeldUntil + REJECTION_INTERVAL - now));
  bucket.lastHeldUntil = now + milliseconds;
  return milliseconds;
}
