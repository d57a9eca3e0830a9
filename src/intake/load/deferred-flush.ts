import { type Executor, statement } from '../../database/index.ts';

const asyncCommitStatement = statement(
  'intake.commit-soon',
  { set: 'text' },
  "select set_config('synchronous_commit', 'off', true) as set",
);
const flushStatement = statement(
  'intake.flushed',
  { at: 'text' },
  "select pg_logical_emit_message(true, 'patient-access', '')::text as at",
);

/**
 * Lets a database transaction commit without waiting for the disk, so that the next one can be written meanwhile. The
 * transaction stays atomic, but a power failure may lose it until its data is on disk. `createFlushNotifier` reports
 * when that is.
 */
export async function commitAsynchronously(tx: Executor): Promise<void> {
  await tx.query(asyncCommitStatement, []);
}

/**
 * Reports a value, such as the progress of an import, once everything committed before is on disk. If several values
 * arrive meanwhile, only the last is reported.
 */
export interface FlushNotifier<Said> {
  notify(value: Said): void;
  /** Waits until the last value is reported. Throws the error that prevented a report. */
  finish(): Promise<void>;
}

export function createFlushNotifier<Said>(db: Executor, report: (value: Said) => void): FlushNotifier<Said> {
  let pending: { readonly said: Said } | undefined;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    for (let next = pending; next !== undefined; next = pending) {
      pending = undefined;
      // The commit of this statement waits until its position in the write-ahead log is on disk. All earlier commits
      // are on disk by then, too.
      await db.query(flushStatement, []);
      report(next.said);
    }
    running = undefined;
  };
  return {
    notify(value) {
      pending = { said: value };
      running ??= run();
      running.catch(() => {});
    },
    finish: async () => running,
  };
}
