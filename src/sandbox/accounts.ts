import type { PasswordCost } from '../config/index.ts';
import type { Database, Executor } from '../database/index.ts';
import type { Resource } from '../fhir/index.ts';
import {
  type AccountId,
  systemClock as clock,
  type PracticeId,
  type RecordId,
  systemRandom as random,
} from '../kernel/index.ts';
import { addAccount, addMadeUpRecord, addRepresentation, addStaff, findAccount } from '../people/index.ts';
import { listRecords } from '../practices/index.ts';
import type { GeneratedPerson, GeneratedStaff } from './generate/index.ts';
import {
  SANDBOX_DESK_USERNAME,
  SANDBOX_GUARDIAN_USERNAME,
  SANDBOX_PASSWORD,
  SANDBOX_STAFF_USERNAME,
} from './published.ts';

/**
 * Accounts for people of the sandbox whose records are loaded, as far as they are missing. Whose record was merged into
 * another, or erased, gets none: nobody is given the other one by that.
 */
export async function addAccounts(
  db: Database,
  people: readonly GeneratedPerson[],
  passwordCost: PasswordCost,
): Promise<void> {
  const records = await listRecords(db);
  const recordOf: RecordOf = (resources) => {
    const patientId = resources.find(({ resourceType }) => resourceType === 'Patient')?.id;
    return records.find((record) => record.patientId === patientId)?.recordId;
  };
  await db.transaction(async (tx) => {
    for (const person of people) await addPerson(tx, person, recordOf, passwordCost);
    await addGuardian(tx, people, recordOf, passwordCost);
  });
}

/** `undefined`: it has ended. */
type RecordOf = (resources: readonly Resource[]) => RecordId | undefined;

export async function addStaffAccounts(
  db: Database,
  practiceId: PracticeId,
  staff: GeneratedStaff,
  passwordCost: PasswordCost,
): Promise<void> {
  const { displayName, practitionerId } = staff;
  const practices = [{ practiceId, practitionerId }];
  const desk = [{ practiceId, practitionerId: undefined, roles: ['front-desk', 'privacy-officer'] as const }];
  const deps = { clock, random, passwordCost };
  await db.transaction(async (tx) => {
    await addStaff(tx, deps, { ...published(SANDBOX_STAFF_USERNAME, displayName), practices });
    await addStaff(tx, deps, { ...published(SANDBOX_DESK_USERNAME, 'Dana Front'), practices: desk });
  });
}

const published = (username: string, displayName: string) => ({
  username,
  displayName,
  password: SANDBOX_PASSWORD,
  published: true,
});

/** With their record at the second practice, where they have one. */
async function addPerson(
  tx: Executor,
  person: GeneratedPerson,
  recordOf: RecordOf,
  passwordCost: PasswordCost,
): Promise<void> {
  const { username, displayName, resources, second } = person;
  await ownAccount(tx, { username, displayName, recordId: recordOf(resources) }, passwordCost);
  const accountId = second && (await publishedAccount(tx, username));
  const recordId = recordOf(second ?? []);
  if (accountId !== undefined && recordId !== undefined) await addMadeUpRecord(tx, { accountId, recordId });
}

/** A password is hashed for an account that is missing alone: that takes its time. */
async function ownAccount(
  tx: Executor,
  own: { readonly username: string; readonly displayName: string; readonly recordId: RecordId | undefined },
  passwordCost: PasswordCost,
): Promise<void> {
  const { username, displayName, recordId } = own;
  if (recordId === undefined || (await findAccount(tx, username)) !== undefined) return;
  await addAccount(tx, { clock, random, passwordCost }, { ...published(username, displayName), recordId });
}

/** A second account for whoever acts for others: with the first one only the own record opens. */
async function addGuardian(
  tx: Executor,
  people: readonly GeneratedPerson[],
  recordOf: RecordOf,
  passwordCost: PasswordCost,
): Promise<void> {
  const guardian = people.find(({ key }) => people.some(({ representative }) => representative?.key === key));
  if (guardian === undefined) return;
  const { displayName } = guardian;
  const own = { username: SANDBOX_GUARDIAN_USERNAME, displayName, recordId: recordOf(guardian.resources) };
  await ownAccount(tx, own, passwordCost);
  const accountId = await publishedAccount(tx, SANDBOX_GUARDIAN_USERNAME);
  for (const person of people) {
    const { representative } = person;
    if (accountId === undefined || representative?.key !== guardian.key) continue;
    const { relatedPersonId } = representative;
    const recordId = recordOf(person.resources);
    if (recordId !== undefined) await addRepresentation(tx, { accountId, recordId, relatedPersonId });
  }
}

/** Somebody may have had the name before the sandbox did: their account is given nothing. */
async function publishedAccount(tx: Executor, username: string): Promise<AccountId | undefined> {
  const account = await findAccount(tx, username);
  return account?.published === true ? account.accountId : undefined;
}
