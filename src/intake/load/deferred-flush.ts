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
 * Lets the transaction commit without waiting for the disk, so that the next one can be written meanwhile. It stays
 * atomic, but a power failure may lose it until `createFlushNotifier` has reported it.
 */
export async function commitAsynchronously(tx: Executor): Promise<void> {
  await tx.query(asyncCommitStatement, []);
}

/**
 * Reports a value once everything committed before it is on disk. Of values that arrive meanwhile, only the last is
 * reported.
 */
export interface FlushNotifier<Said> {
  notify(value: Said): void;
  /** Resolves when everything is reported. Throws the error that prevented a report. */
  finish(): Promise<void>;
}

export function createFlushNotifier<Said>(db: Executor, report: (value: Said) => void): FlushNotifier<Said> {
  let pending: { readonly said: Said } | undefined;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    for (let next = pending; next !== undefined; next = pending) {
      pending = undefined;
      // A synchronous commit waits for its position in the log, and so for all earlier commits.
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
