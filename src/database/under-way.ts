/** What is run until an end, and nothing of it after. */
export interface UnderWay {
  /** Rejects after the end. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Resolves when nothing is under way any more. */
  end(): Promise<void>;
}

/**
 * For the statements of one transaction, or of one part of it: after the end nothing is run any more, for it would belong to
 * what comes next.
 */
export function underWay(): UnderWay {
  const running = new Set<Promise<unknown>>();
  let over = false;
  return {
    async run(work) {
      if (over) throw new Error('a statement after the end of its transaction');
      const answer = work();
      running.add(answer);
      return answer.finally(() => running.delete(answer));
    },
    async end() {
      over = true;
      await Promise.allSettled(running);
    },
  };
}
