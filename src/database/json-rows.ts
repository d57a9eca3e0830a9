/** Returns bytes as PostgreSQL's text of a `bytea`, for a statement that gets its rows as JSON. */
export const toByteText = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;

/**
 * Tells whether one row can be the cause of an error: a value that can't be stored (SQLSTATE class 22), or a violated
 * constraint (23).
 */
export const isErrorOfRow = (error: unknown): boolean =>
  /^2[23]/.test(String((error as { code?: unknown } | null)?.code));
