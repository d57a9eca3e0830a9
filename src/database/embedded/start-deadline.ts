import { OperatorError } from '../../kernel/index.ts';
import type { EmbeddedCluster } from './launch-postmaster.ts';
import type { JoinRejection } from './locks.ts';
import { lastLines, readLog } from './log.ts';

/**
 * Milliseconds without a running PostgreSQL process after which the start is given up. PostgreSQL has been launched
 * several times by then.
 */
const NOT_RUNNING_TIMEOUT = 30_000;
/**
 * Milliseconds after which the start is given up even if PostgreSQL is running. Recovery after a crash may take
 * minutes.
 */
const START_TIMEOUT = 300_000;
/** Milliseconds to wait for another server's lock. The lock of a killed server can outlive that server for a moment. */
const OTHER_SERVER_TIMEOUT = 1_500;

export interface StartDeadline {
  /**
   * Throws an `OperatorError` if the start has taken too long.
   * @param living whether the database's main process is running now
   */
  check(living: boolean): void;
  /**
   * Records why this program can't use the database yet. Throws an `OperatorError` if another server keeps using it.
   */
  rejected(reason: JoinRejection): void;
}

/** Limits how long a start of the database is attempted, and creates the error if it fails. */
export function createStartDeadline(
  { dataDir }: Pick<EmbeddedCluster, 'dataDir'>,
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
        `The database in ${dataDir.root} didn't start in time. Its last output:${lastLines(readLog(dataDir.log, 0))}`,
      );
    },
    rejected(reason) {
      servedSince = reason === 'another server' ? (servedSince ?? now()) : undefined;
      if (servedSince === undefined || now() - servedSince < OTHER_SERVER_TIMEOUT) return;
      throw new OperatorError(
        `Another Patient Access server already uses ${dataDir.root}. ` +
          'Stop it first, or set DATA_DIR to another folder for this server.',
      );
    },
  };
}
