/** Limits how often something may be done with one key, such as a network or an account, in a window of time. */
export interface RateLimit {
  /** Number of uses that are allowed in a window. */
  readonly max: number;
  /** Length of a window in milliseconds. The window of a key starts with its first use. */
  readonly window: number;
}

/** Describes a rate limit that a key has exceeded. */
export interface ExceededLimit {
  /** End of the window, when the key may be used again. */
  readonly until: Date;
  /** Seconds until the end of the window, rounded up. */
  readonly retryAfter: number;
}

export const toExceeded = (until: Date, now: Date): ExceededLimit => ({
  until,
  retryAfter: Math.ceil((until.getTime() - now.getTime()) / 1000),
});
