/** Runs statements until it is ended, and rejects later ones. */
export interface StatementTracker {
  /** Rejects after the end. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Ends tracking; resolves when all running statements have settled. */
  end(): Promise<void>;
}

/**
 * Tracks the statements of one transaction or savepoint. After its end no statement may run, because it would become
 * part of the next transaction.
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
