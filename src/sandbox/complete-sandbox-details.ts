import type { Database } from '../database/index.ts';
import { completePracticeDetails, isFilledSandbox, listPractices } from '../practices/index.ts';
import { FAMILY_PRACTICE, HEART_CLINIC, practiceDetails } from './generator/index.ts';

/** Fills in the address and NPI of the sandbox practices from their directories where these are missing. */
export async function completeSandboxDetails(db: Database): Promise<void> {
  for (const practice of await listPractices(db)) {
    const { practiceId, kind, generated } = practice;
    if (kind !== 'sandbox') continue;
    if (isFilledSandbox(practice)) await completePracticeDetails(db, practiceId, practiceDetails(FAMILY_PRACTICE));
    else if (generated !== null) await completePracticeDetails(db, practiceId, practiceDetails(HEART_CLINIC));
  }
}
