/** Writes a time as RFC 3339 text in UTC. Returns null for undefined. */
export const toTimestamp = (at: Date | undefined): string | null => at?.toISOString() ?? null;
