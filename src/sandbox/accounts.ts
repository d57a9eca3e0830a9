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
 * Creates the missing accounts for sandbox patients whose records are loaded. A patient whose record was merged into
 * another one or erased gets no account, so this never gives access to the other record.
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

/** Returns undefined when the patient's record no longer exists (it was merged or erased). */
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

/** Creates a person's account, with access to their record at the second practice if they have one there. */
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

/** Hashes a password only for an account that doesn't exist yet, because hashing is slow. */
async function ownAccount(
  tx: Executor,
  person: { readonly username: string; readonly displayName: string; readonly recordId: RecordId | undefined },
  passwordCost: PasswordCost,
): Promise<void> {
  const { username, displayName, recordId } = person;
  if (recordId === undefined || (await findAccount(tx, username)) !== undefined) return;
  await addAccount(tx, { clock, random, passwordCost }, { ...published(username, displayName), recordId });
}

/**
 * Creates a second account for a person who represents others. The first account only opens the person's own record.
 */
async function addGuardian(
  tx: Executor,
  people: readonly GeneratedPerson[],
  recordOf: RecordOf,
  passwordCost: PasswordCost,
): Promise<void> {
  const guardian = people.find(({ key }) => people.some(({ representative }) => representative?.key === key));
  if (guardian === undefined) return;
  const { displayName } = guardian;
  const person = { username: SANDBOX_GUARDIAN_USERNAME, displayName, recordId: recordOf(guardian.resources) };
  await ownAccount(tx, person, passwordCost);
  const accountId = await publishedAccount(tx, SANDBOX_GUARDIAN_USERNAME);
  for (const person of people) {
    const { representative } = person;
    if (accountId === undefined || representative?.key !== guardian.key) continue;
    const { relatedPersonId } = representative;
    const recordId = recordOf(person.resources);
    if (recordId !== undefined) await addRepresentation(tx, { accountId, recordId, relatedPersonId });
  }
}

/**
 * Returns undefined if the username belongs to an account that someone created before the sandbox did. Such an account
 * gets no access.
 */
async function publishedAccount(tx: Executor, username: string): Promise<AccountId | undefined> {
  const account = await findAccount(tx, username);
  return account?.published === true ? account.accountId : undefined;
}
