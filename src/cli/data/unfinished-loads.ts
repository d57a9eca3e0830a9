import { findUnfinishedLoads } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import { days, later, type PracticeId } from '../../kernel/index.ts';
import { listPractices } from '../../practices/index.ts';

/** Number of days to look back for loads that started and have not ended. */
const WINDOW_DAYS = 30;

export const START_AGAIN =
  'If it is no longer running, run it again with the same files and source. Resources that are already stored are skipped.';

/** A load of files that has a recorded start and no recorded end. It may still be running. */
interface UnfinishedLoadMessage {
  readonly practiceId: PracticeId;
  readonly source: string;
  readonly message: string;
}

export async function listUnfinished(db: Executor, now: Date): Promise<readonly UnfinishedLoadMessage[]> {
  const loads = await findUnfinishedLoads(db, later(now, -days(WINDOW_DAYS)));
  if (loads.length === 0) return [];
  const names = new Map((await listPractices(db)).map(({ practiceId, name }) => [practiceId, name]));
  return loads.map(({ practiceId, source, files, begunAt }) => ({
    practiceId,
    source,
    message: `a load from the source ${source} into ${names.get(practiceId) ?? practiceId} (files: ${files}), started at ${begunAt.toISOString()}, didn’t finish.`,
  }));
}
