import { createReleaseCheck, type Database, type Executor } from '../database/index.ts';
import { lockPractice, lockPracticeShared, needsExclusiveLock, type PracticeLock } from '../fhir/index.ts';
import type { Clock, PracticeId } from '../kernel/index.ts';

/** Searches of an earlier release expect that changes of a practice are committed in the order of their times. */
const hasEarlierRelease = createReleaseCheck(['patient-access']);

/**
 * Runs work in a transaction with a shared lock of a practice. If the work turns out to need the exclusive lock, or waits
 * for a transaction that waits for it, it is rolled back and repeated with the exclusive lock. While a process of an
 * earlier release uses the database, the lock is always exclusive.
 */
export async function withPracticeLock<Result>(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  practiceId: PracticeId,
  work: (tx: Executor, lock: PracticeLock) => Promise<Result>,
): Promise<Result> {
  if (!(await hasEarlierRelease({ db, clock }))) {
    const done = await tryShared({ db, clock }, practiceId, work);
    if (done !== undefined) return done.result;
  }
  return db.transaction(async (tx) => {
    await lockPractice(tx, practiceId, clock.now());
    return work(tx, { mode: 'exclusive', records: new Set() });
  });
}

/** @returns undefined if the work must be repeated with the exclusive lock */
async function tryShared<Result>(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  practiceId: PracticeId,
  work: (tx: Executor, lock: PracticeLock) => Promise<Result>,
): Promise<{ readonly result: Result } | undefined> {
  try {
    const result = await db.transaction(async (tx) => {
      await lockPracticeShared(tx, practiceId, clock.now());
      return work(tx, { mode: 'shared', records: new Set() });
    });
    return { result };
  } catch (error) {
    if (!needsExclusiveLock(error)) throw error;
    return undefined;
  }
}
