import { type Clock, later, seconds, toProblem } from '../../kernel/index.ts';
import { LIFETIMES } from '../lifetimes.ts';

/** A period in which responses may have been lost, because the server was killed or its database was unavailable. */
export interface ServiceInterruption {
  readonly from: Date;
  readonly to: Date;
}

export interface InterruptionTracker {
  /** Runs the work of one request and records an interruption if it fails because the database is unavailable. */
  watch<Result>(work: () => Promise<Result>): Promise<Result>;
  /**
   * Records an interruption if more than `STALL_THRESHOLD` has passed since `began`. Call it only if that time was
   * spent waiting for the database, not for the client.
   */
  noteStall(began: Date): void;
  /**
   * Returns the last interruption if clients may still repeat requests because of it. If the current request itself has
   * stalled since it arrived, that counts as an interruption too.
   */
  findRecent(arrived: Date): ServiceInterruption | undefined;
}

/**
 * Assumed downtime before this process started. A killed server answered nothing until it started again, and how long
 * that took is unknown.
 */
const ASSUMED_DOWNTIME = seconds(120);
const STALL_THRESHOLD = seconds(5);

/**
 * Creates the tracker of interruptions. When a refresh response is lost because the server was killed or its database
 * was unavailable, the client can retry only after both are back, which may be later than a normal retry. Each process
 * tracks only the interruptions that it saw itself, which is enough because every affected process sees them.
 */
export function createInterruptionTracker(clock: Clock): InterruptionTracker {
  const started = clock.now();
  let last: ServiceInterruption = { from: later(started, -ASSUMED_DOWNTIME), to: started };

  const isRecent = (at: Date): boolean => at <= later(last.to, seconds(LIFETIMES.interruptedRetry));

  function note(began: Date, ended: Date): void {
    const from = later(began, -seconds(LIFETIMES.retry));
    last = { from: isRecent(ended) && last.from < from ? last.from : from, to: ended };
  }

  function noteStall(began: Date): void {
    const now = clock.now();
    if (now.getTime() - began.getTime() > STALL_THRESHOLD) note(began, now);
  }

  return {
    async watch(work) {
      const began = clock.now();
      try {
        return await work();
      } catch (error) {
        if (toProblem(error).code === 'unavailable') note(began, clock.now());
        throw error;
      }
    },
    noteStall,
    findRecent(arrived) {
      noteStall(arrived);
      return isRecent(clock.now()) ? last : undefined;
    },
  };
}
