import type { Database } from '../database/index.ts';
import { completeDetails, isFilledSandbox, listPractices } from '../practices/index.ts';
import { detailsOfPractice, FAMILY_PRACTICE, HEART_CLINIC } from './generate/index.ts';

/** Fills in the address and NPI of the sandbox practices from their directories where these are missing. */
export async function describePractices(db: Database): Promise<void> {
  for (const practice of await listPractices(db)) {
    const { practiceId, kind, generated } = practice;
    if (kind !== 'sandbox') continue;
    if (isFilledSandbox(practice)) await completeDetails(db, practiceId, detailsOfPractice(FAMILY_PRACTICE));
    else if (generated !== null) await completeDetails(db, practiceId, detailsOfPractice(HEART_CLINIC));
  }
}
