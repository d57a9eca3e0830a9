import { replaceMadeUpReads } from '../../audit/index.ts';
import type { Database, Executor } from '../../database/index.ts';
import { countRecordEntries } from '../../fhir/index.ts';
import { findProfileByUsername, listAccountRecords } from '../../identity/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { SANDBOX_STAFF_USERNAME } from '../published-credentials.ts';
import { testAccounts } from '../test-accounts.ts';
import { type ExamplePerson, type ExampleRecord, makeReads } from './make-reads.ts';

/**
 * Brings the made-up reads of the sandbox patients up to date, so that they always cover the last two weeks. The oldest
 * are deleted, so their number stays the same.
 */
export async function refreshReads(db: Database, clock: Clock): Promise<void> {
  const records = await listExampleRecords(db);
  const reads = makeReads(records, await findClinician(db), clock.now());
  await db.transaction((tx) => replaceMadeUpReads(tx, reads));
}

/** Deletes all made-up reads, for an installation without a sandbox. */
export const deleteReads = (db: Database): Promise<void> => db.transaction((tx) => replaceMadeUpReads(tx, []));

/** Lists the records that the shared accounts of patients open as the patient. */
async function listExampleRecords(db: Executor): Promise<readonly ExampleRecord[]> {
  const records: ExampleRecord[] = [];
  for (const { username, kind } of testAccounts) {
    if (kind !== 'patient') continue;
    const profile = await findProfileByUsername(db, username);
    if (profile?.published !== true) continue;
    const { accountId, displayName: name } = profile;
    for (const { recordId, practiceId, relation } of await listAccountRecords(db, accountId)) {
      if (relation !== 'self') continue;
      const counts = await countRecordEntries(db, { accountId, recordId });
      records.push({ recordId, key: `${username} ${practiceId}`, patient: { accountId, name }, counts });
    }
  }
  return records;
}

async function findClinician(db: Executor): Promise<ExamplePerson | undefined> {
  const profile = await findProfileByUsername(db, SANDBOX_STAFF_USERNAME);
  return profile?.published === true ? { accountId: profile.accountId, name: profile.displayName } : undefined;
}
