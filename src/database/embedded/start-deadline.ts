import { OperatorError } from '../../kernel/index.ts';
import type { EmbeddedCluster } from './launch-postmaster.ts';
import type { JoinRejection } from './locks.ts';
import { lastLines, readLog } from './log.ts';

/** Milliseconds without a running postmaster, although it is started again and again. */
const NOT_RUNNING_TIMEOUT = 30_000;
/** Milliseconds in all. Recovery after a crash may take minutes. */
const START_TIMEOUT = 300_000;
/** Milliseconds. The lock of a killed server can outlive the server for a moment. */
const OTHER_SERVER_TIMEOUT = 1_500;

export interface StartDeadline {
  /**
   * Throws an `OperatorError` when the start has taken too long.
   * @param living whether a postmaster is running
   */
  check(living: boolean): void;
  /** Records that joining was rejected. Throws an `OperatorError` if another server keeps its lock. */
  rejected(reason: JoinRejection): void;
}

/** Limits how long a start is attempted, and provides the error for giving up. */
export function createStartDeadline(
  { dataDir }: EmbeddedCluster,
  now: () => number = () => performance.now(),
): StartDeadline {
  const begun = now();
  let lastLiving = begun;
  let servedSince: number | undefined;
  return {
    check(living) {
      if (living) lastLiving = now();
      if (now() - lastLiving < NOT_RUNNING_TIMEOUT && now() - begun < START_TIMEOUT) return;
      throw new OperatorError(
        `The database in ${dataDir.root} did not start in time. Its last words:${lastLines(readLog(dataDir.log, 0))}`,
      );
    },
    rejected(reason) {
      servedSince = reason === 'another server' ? (servedSince ?? now()) : undefined;
      if (servedSince === undefined || now() - servedSince < OTHER_SERVER_TIMEOUT) return;
      throw new OperatorError(
        `Another Patient Access server already uses ${dataDir.root}. ` +
          'Stop it first, or give this one a data folder of its own with DATA_DIR.',
      );
    },
  };
}
