import { type Clock, later, problemOf, seconds } from '../../kernel/index.ts';
import { LIFETIMES } from '../lifetimes.ts';

/** A time in which answers may have been lost. */
export interface Interruption {
  readonly from: Date;
  readonly to: Date;
}

export interface Interruptions {
  /** Does the work of one request, and notes when it fails for want of the database. */
  watch<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Notes when what began then and ends now stalled. It must have waited for the database alone, and not for the client. */
  noteStall(began: Date): void;
  /** The last one, if it ended lately enough for its lost answers to be asked for now; a request that stalls is one itself. */
  lately(arrived: Date): Interruption | undefined;
}

/** A server that was killed answered nothing from then on. How long it was gone is not known. */
const BEFORE_START = seconds(120);
const STALL = seconds(5);

/**
 * A refresh whose answer was lost because the server was killed, or its database was away, can only be repeated when both
 * are back, which may be later than a retry over the network. As this process saw it: each that was interrupted saw it.
 */
export function openInterruptions(clock: Clock): Interruptions {
  const started = clock.now();
  let last: Interruption = { from: later(started, -BEFORE_START), to: started };

  const isRecent = (at: Date): boolean => at <= later(last.to, seconds(LIFETIMES.interruptedRetry));

  function note(began: Date, ended: Date): void {
    const from = later(began, -seconds(LIFETIMES.retry));
    last = { from: isRecent(ended) && last.from < from ? last.from : from, to: ended };
  }

  function noteStall(began: Date): void {
    const now = clock.now();
    if (now.getTime() - began.getTime() > STALL) note(began, now);
  }

  return {
    async watch(work) {
      const began = clock.now();
      try {
        return await work();
      } catch (error) {
        if (problemOf(error).code === 'unavailable') note(began, clock.now());
        throw error;
      }
    },
    noteStall,
    lately(arrived) {
      noteStall(arrived);
      return isRecent(clock.now()) ? last : undefined;
    },
  };
}
