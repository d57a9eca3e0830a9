/** How often something may be done with one key, such as a network or an account. */
export interface RateLimit {
  /** Uses allowed in a window. */
  readonly most: number;
  /** Length of a window in milliseconds. The window of a key starts with its first use. */
  readonly window: number;
}

/** A key has no uses left in its window. */
export interface ExceededLimit {
  /** End of the window. */
  readonly until: Date;
  /** Seconds until then, rounded up. */
  readonly retryAfter: number;
}

export const toExceeded = (until: Date, now: Date): ExceededLimit => ({
  until,
  retryAfter: Math.ceil((until.getTime() - now.getTime()) / 1000),
});
