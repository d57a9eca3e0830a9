import { OperatorFault } from '../../kernel/index.ts';
import type { Place } from './launch.ts';
import type { Refusal } from './locks.ts';
import { lastLines, readLog } from './log.ts';

/** Milliseconds without a running postmaster, although it is started again and again. */
const QUIET_LIMIT = 30_000;
/** Milliseconds in all. Recovery after a crash may take minutes. */
const LIMIT = 300_000;
/** Milliseconds. The lock of a killed server can outlive the server for a moment. */
const SERVER_LIMIT = 1_500;

export interface Patience {
  /**
   * Throws an `OperatorError` when the start has taken too long.
   * @param living whether a postmaster is running
   */
  look(living: boolean): void;
  /** Records that joining was rejected. Throws an `OperatorError` if another server keeps its lock. */
  refused(reason: Refusal): void;
}

/** Limits how long a start is attempted, and provides the error for giving up. */
export function startPatience({ dataDir }: Place, now: () => number = () => performance.now()): Patience {
  const begun = now();
  let lastLiving = begun;
  let servedSince: number | undefined;
  return {
    look(living) {
      if (living) lastLiving = now();
      if (now() - lastLiving < QUIET_LIMIT && now() - begun < LIMIT) return;
      throw new OperatorFault(
        `The database in ${dataDir.root} did not start in time. Its last words:${lastLines(readLog(dataDir.log, 0))}`,
      );
    },
    refused(reason) {
      servedSince = reason === 'another server' ? (servedSince ?? now()) : undefined;
      if (servedSince === undefined || now() - servedSince < SERVER_LIMIT) return;
      throw new OperatorFault(
        `Another Patient Access server already uses ${dataDir.root}. ` +
          'Stop it first, or give this one a data folder of its own with DATA_DIR.',
      );
    },
  };
}
