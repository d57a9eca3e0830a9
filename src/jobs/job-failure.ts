/** A failure that another attempt can't repair: the job goes to the dead letters at once. */
export class PermanentJobFailure extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'PermanentJobFailure';
  }
}

/**
 * Names an error by its code or class. Messages are left out, because those of PostgreSQL and of the mail server can
 * quote values and addresses.
 */
export function nameError(error: unknown): string {
  const { code, name, cause } = (error ?? {}) as { code?: unknown; name?: unknown; cause?: unknown };
  if (error instanceof PermanentJobFailure && cause !== undefined) return nameError(cause);
  return String(code ?? name ?? 'unknown').slice(0, 60);
}
