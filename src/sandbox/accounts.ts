import type { Database, Executor } from '../database/index.ts';
import { type AccountId, systemClock as clock, type RecordId, systemRandom as random } from '../kernel/index.ts';
import { addAccount, addRepresentation, addStaff, findAccount } from '../people/index.ts';
import { listRecords, type Practice } from '../practices/index.ts';
import type { GeneratedPerson, Sandbox } from './generate/index.ts';
import {
  SANDBOX_DESK_USERNAME,
  SANDBOX_GUARDIAN_USERNAME,
  SANDBOX_PASSWORD,
  SANDBOX_STAFF_USERNAME,
} from './published.ts';

/** Accounts for the people of the sandbox, as far as they are missing. */
export async function addAccounts(db: Database, practice: Practice, { people, staff }: Sandbox): Promise<void> {
  const records = (await listRecords(db)).filter(({ practiceId }) => practiceId === practice.practiceId);
  const recordOf = ({ username, resources }: GeneratedPerson): RecordId => {
    const patientId = resources.find(({ resourceType }) => resourceType === 'Patient')?.id;
    const recordId = records.find((record) => record.patientId === patientId)?.recordId;
    if (recordId === undefined) throw new Error(`the record of ${username} is missing`);
    return recordId;
  };
  await db.transaction(async (tx) => {
    for (const person of people) await ownAccount(tx, person.username, person.displayName, recordOf(person));
    await addGuardian(tx, people, recordOf);
    const { displayName, practitionerId } = staff;
    const { practiceId } = practice;
    const practices = [{ practiceId, practitionerId }];
    await addStaff(tx, { clock, random }, { ...published(SANDBOX_STAFF_USERNAME, displayName), practices });
    const desk = [{ practiceId, practitionerId: undefined, roles: ['front-desk', 'privacy-officer'] as const }];
    await addStaff(tx, { clock, random }, { ...published(SANDBOX_DESK_USERNAME, 'Dana Front'), practices: desk });
  });
}

const published = (username: string, displayName: string) => ({
  username,
  displayName,
  password: SANDBOX_PASSWORD,
  published: true,
});

const ownAccount = (tx: Executor, username: string, displayName: string, recordId: RecordId) =>
  addAccount(tx, { clock, random }, { ...published(username, displayName), recordId });

/** A second account for whoever acts for others: with the first one only the own record opens. */
async function addGuardian(
  tx: Executor,
  people: readonly GeneratedPerson[],
  recordOf: (person: GeneratedPerson) => RecordId,
): Promise<void> {
  const guardian = people.find(({ key }) => people.some(({ representative }) => representative?.key === key));
  if (guardian === undefined) return;
  await ownAccount(tx, SANDBOX_GUARDIAN_USERNAME, guardian.displayName, recordOf(guardian));
  const accountId = await publishedAccount(tx, SANDBOX_GUARDIAN_USERNAME);
  for (const person of people) {
    const { representative } = person;
    if (accountId === undefined || representative?.key !== guardian.key) continue;
    const { relatedPersonId } = representative;
    await addRepresentation(tx, { accountId, recordId: recordOf(person), relatedPersonId });
  }
}

/** Somebody may have had the name before the sandbox did: their account is given nothing. */
async function publishedAccount(tx: Executor, username: string): Promise<AccountId | undefined> {
  const account = await findAccount(tx, username);
  return account?.published === true ? account.accountId : undefined;
}
