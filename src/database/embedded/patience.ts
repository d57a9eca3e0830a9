import { OperatorFault } from '../../kernel/index.ts';
import type { Place } from './launch.ts';
import type { Refusal } from './locks.ts';
import { lastLines, readLog } from './log.ts';

/** Nothing living, though we start it again and again. */
const QUIET_LIMIT = 30_000;
/** A database that recovers after a crash may take a while. */
const LIMIT = 300_000;
/** The lock of a server killed a moment ago may live a little longer than the server. */
const SERVER_LIMIT = 1_500;

export interface Patience {
  /** @param living whether a postmaster is there */
  look(living: boolean): void;
  refused(reason: Refusal): void;
}

/** How long a start goes on trying, and what it says when it gives up. */
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
