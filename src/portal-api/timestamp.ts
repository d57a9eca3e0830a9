/** Writes a time as RFC 3339 in UTC; null if there is none. */
export const toTimestamp = (at: Date | undefined): string | null => at?.toISOString() ?? null;
