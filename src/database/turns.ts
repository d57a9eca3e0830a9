/** What is run one after the other, and until its end. */
export interface Turns {
  /** In the order in which it is asked for; rejects after the end. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Resolves when nothing is under way any more. */
  end(): Promise<void>;
}

/**
 * For the statements of one transaction, or of one part of it: after the end nothing is run any more, for it would belong to
 * what comes next.
 */
export function takeTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let over = false;
  return {
    run(work) {
      if (over) return Promise.reject(new Error('a statement after the end of its transaction'));
      const answer = last.then(work);
      last = answer.catch(() => {});
      return answer;
    },
    async end() {
      over = true;
      await last;
    },
  };
}
