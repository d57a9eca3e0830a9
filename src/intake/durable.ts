import { type Executor, statement } from '../database/index.ts';

const soon = statement(
  'intake.commit-soon',
  { set: 'text' },
  "select set_config('synchronous_commit', 'off', true) as set",
);
const flushed = statement(
  'intake.flushed',
  { at: 'text' },
  "select pg_logical_emit_message(true, 'patient-access', '')::text as at",
);

/**
 * This transaction does not wait until the disk has it: the next is written meanwhile. Nothing of it is half there whatever
 * happens, but until `inTime` has told of it a machine that loses its power may lose it.
 */
export async function commitSoon(tx: Executor): Promise<void> {
  await tx.query(soon, []);
}

/** Tells what it is given when all that was committed before is on the disk; of what has come meanwhile the last alone. */
export interface Telling<Said> {
  say(said: Said): void;
  /** When everything is told. Throws what kept it from being told. */
  end(): Promise<void>;
}

export function inTime<Said>(db: Executor, tell: (said: Said) => void): Telling<Said> {
  let waiting: { readonly said: Said } | undefined;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    for (let next = waiting; next !== undefined; next = waiting) {
      waiting = undefined;
      // A commit that waits for its own place in the log waits for all before it.
      await db.query(flushed, []);
      tell(next.said);
    }
    running = undefined;
  };
  return {
    say(said) {
      waiting = { said };
      running ??= run();
      running.catch(() => {});
    },
    end: async () => running,
  };
}
