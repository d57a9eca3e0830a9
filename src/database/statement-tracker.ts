/** Runs statements until the tracker is ended. Rejects statements after that. */
export interface StatementTracker {
  /** Runs a statement. Rejects it if tracking has ended. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Ends tracking. Resolves when no statement is running any longer. */
  end(): Promise<void>;
}

/**
 * Tracks the statements of one transaction or savepoint. After it has ended no statement may run, because that
 * statement would become part of the next transaction on the connection.
 */
export function trackStatements(): StatementTracker {
  const running = new Set<Promise<unknown>>();
  let ended = false;
  return {
    async run(work) {
      if (ended) throw new Error('a statement after the end of its transaction');
      const answer = work();
      running.add(answer);
      return answer.finally(() => running.delete(answer));
    },
    async end() {
      ended = true;
      await Promise.allSettled(running);
    },
  };
}
