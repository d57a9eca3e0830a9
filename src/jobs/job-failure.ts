/**
 * Thrown by a job handler if no further attempt can succeed. The job is then moved to the dead-letter queue without a
 * retry.
 */
export class PermanentJobFailure extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'PermanentJobFailure';
  }
}

/**
 * Returns the code of an error, or its class name if it has no code; at most 60 characters. Error messages are left
 * out, because messages of PostgreSQL and of the mail server can quote stored values and email addresses.
 */
export function nameError(error: unknown): string {
  const { code, name, cause } = (error ?? {}) as { code?: unknown; name?: unknown; cause?: unknown };
  if (error instanceof PermanentJobFailure && cause !== undefined) return nameError(cause);
  return String(code ?? name ?? 'unknown').slice(0, 60);
}
