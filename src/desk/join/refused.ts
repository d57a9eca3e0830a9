/** Undoes what the transaction did. */
export class Refused<Why extends string> extends Error {
  readonly why: Why;
  constructor(why: Why) {
    super(why);
    this.why = why;
  }
}

/** Why it was undone; any other fault goes on. */
export function refusalOf<Why extends string>(error: unknown): Why {
  if (error instanceof Refused) return error.why as Why;
  throw error;
}
