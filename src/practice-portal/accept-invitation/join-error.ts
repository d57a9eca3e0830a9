/** The invitation can't be accepted, for an expected reason. Throwing this error rolls the transaction back. */
export class JoinError<Why extends string> extends Error {
  readonly reason: Why;
  constructor(reason: Why) {
    super(reason);
    this.reason = reason;
  }
}

/** Returns the reason of a JoinError and rethrows any other error. */
export function joinErrorReason<Why extends string>(error: unknown): Why {
  if (error instanceof JoinError) return error.reason as Why;
  throw error;
}
