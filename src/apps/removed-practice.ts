import { type Executor, statement } from '../database/index.ts';
import type { PracticeId } from '../kernel/index.ts';

const remove = statement(
  'registry.app.remove-practice',
  {},
  'update stored_app set practice_ids = array_remove(practice_ids, $1::int) where $1 = any(practice_ids)',
);

/** Takes a practice that is being removed out of the practices that backend apps may read. */
export async function removePracticeFromApps(tx: Executor, practiceId: PracticeId): Promise<void> {
  await tx.query(remove, [practiceId]);
}
