export { createRateLimits } from './create-rate-limits.ts';
export type { ExceededLimit, RateLimit } from './limit.ts';
export { createMemoryCounts, type MemoryCounts, type MemoryRateLimit, shareLimits } from './memory-limit.ts';
export {
  countUse,
  countUses,
  type LimitedUse,
  purgeExpiredUses,
  resetUses,
  type SharedRateLimit,
  uncountUse,
} from './shared-limit.ts';
export { createTokenBuckets } from './token-buckets.ts';
