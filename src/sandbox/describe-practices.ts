import type { Database } from '../database/index.ts';
import { completeDetails, isFilledSandbox, listPractices } from '../practices/index.ts';
import { detailsOfPractice, FAMILY_PRACTICE, HEART_CLINIC } from './generate/index.ts';

/** Gives the practices of the sandbox the address and NPI that their directories have, where they have none. */
export async function describePractices(db: Database): Promise<void> {
  for (const practice of await listPractices(db)) {
    const { practiceId, kind, generated } = practice;
    if (kind !== 'sandbox') continue;
    if (isFilledSandbox(practice)) await completeDetails(db, practiceId, detailsOfPractice(FAMILY_PRACTICE));
    else if (generated !== null) await completeDetails(db, practiceId, detailsOfPractice(HEART_CLINIC));
  }
}
