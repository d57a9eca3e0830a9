import type { PasswordCost } from '../config/index.ts';
import type { Database, Executor } from '../database/index.ts';
import type { Resource } from '../fhir/index.ts';
import {
  addRepresentation,
  addSandboxRecord,
  createDeveloperAccount,
  createPatientAccount,
  createSandboxAdministrator,
  createStaffAccount,
  findAccountByUsername,
} from '../identity/index.ts';
import {
  type AccountId,
  systemClock as clock,
  type PracticeId,
  type RecordId,
  systemRandom as random,
} from '../kernel/index.ts';
import { listActiveRecords } from '../practices/index.ts';
import type { GeneratedPatient, GeneratedStaff } from './generator/index.ts';
import {
  SANDBOX_ADMINISTRATOR_USERNAME,
  SANDBOX_DESK_USERNAME,
  SANDBOX_DEVELOPER_USERNAME,
  SANDBOX_GUARDIAN_USERNAME,
  SANDBOX_PASSWORD,
  SANDBOX_STAFF_USERNAME,
} from './published-credentials.ts';

/**
 * Creates the missing accounts for sandbox patients whose records are loaded. A patient whose record was erased or
 * merged into another patient's record gets no account, so that sandbox credentials never open that other record.
 */
export async function addPatientAccounts(
  db: Database,
  patients: readonly GeneratedPatient[],
  passwordCost: PasswordCost,
): Promise<void> {
  const records = await listActiveRecords(db);
  const recordOf: SandboxRecordLookup = (resources) => {
    const patientId = resources.find(({ resourceType }) => resourceType === 'Patient')?.id;
    return records.find((record) => record.patientId === patientId)?.recordId;
  };
  await db.transaction(async (tx) => {
    for (const person of patients) await addPersonAccount(tx, person, recordOf, passwordCost);
    await addRepresentativeAccount(tx, patients, recordOf, passwordCost);
  });
}

/** Returns undefined when the patient's record no longer exists (it was merged or erased). */
type SandboxRecordLookup = (resources: readonly Resource[]) => RecordId | undefined;

export async function addStaffAccounts(
  db: Database,
  practiceId: PracticeId,
  staff: GeneratedStaff,
  passwordCost: PasswordCost,
): Promise<void> {
  const { displayName, practitionerId } = staff;
  const practices = [{ practiceId, practitionerId }];
  const frontDesk = [{ practiceId, practitionerId: undefined, roles: ['front-desk', 'privacy-officer'] as const }];
  const deps = { clock, random, passwordCost };
  await db.transaction(async (tx) => {
    await createStaffAccount(tx, deps, { ...publishedCredentials(SANDBOX_STAFF_USERNAME, displayName), practices });
    await createStaffAccount(tx, deps, {
      ...publishedCredentials(SANDBOX_DESK_USERNAME, 'Dana Front'),
      practices: frontDesk,
    });
  });
}

/**
 * Creates the accounts that review and develop made-up apps, if they are missing. Installations of earlier releases get
 * them when they start with this one.
 */
export async function ensureMadeUpAccounts(db: Database, passwordCost: PasswordCost): Promise<void> {
  const deps = { clock, random, passwordCost };
  const make: Readonly<Record<string, (tx: Executor, username: string) => Promise<unknown>>> = {
    [SANDBOX_ADMINISTRATOR_USERNAME]: (tx, username) =>
      createSandboxAdministrator(tx, deps, publishedCredentials(username, 'Sandbox Admin')),
    [SANDBOX_DEVELOPER_USERNAME]: (tx, username) =>
      createDeveloperAccount(tx, deps, publishedCredentials(username, 'Sandbox Developer')),
  };
  await Promise.all(
    Object.entries(make).map(async ([username, create]) => {
      if ((await findAccountByUsername(db, username)) === undefined) await db.transaction((tx) => create(tx, username));
    }),
  );
}

const publishedCredentials = (username: string, displayName: string) => ({
  username,
  displayName,
  password: SANDBOX_PASSWORD,
  published: true,
});

/** Creates a person's account, with access to their record at the second practice if they have one there. */
async function addPersonAccount(
  tx: Executor,
  person: GeneratedPatient,
  recordOf: SandboxRecordLookup,
  passwordCost: PasswordCost,
): Promise<void> {
  const { username, displayName, resources, secondRecord } = person;
  await addOwnAccount(tx, { username, displayName, recordId: recordOf(resources) }, passwordCost);
  const accountId = secondRecord && (await findPublishedAccount(tx, username));
  const recordId = recordOf(secondRecord ?? []);
  if (accountId !== undefined && recordId !== undefined) await addSandboxRecord(tx, { accountId, recordId });
}

/** Hashes a password only for an account that doesn't exist yet, because hashing is slow. */
async function addOwnAccount(
  tx: Executor,
  person: { readonly username: string; readonly displayName: string; readonly recordId: RecordId | undefined },
  passwordCost: PasswordCost,
): Promise<void> {
  const { username, displayName, recordId } = person;
  if (recordId === undefined || (await findAccountByUsername(tx, username)) !== undefined) return;
  await createPatientAccount(
    tx,
    { clock, random, passwordCost },
    { ...publishedCredentials(username, displayName), recordId },
  );
}

/**
 * Creates a second account for a person who represents others. The first account only opens the person's own record.
 */
async function addRepresentativeAccount(
  tx: Executor,
  patients: readonly GeneratedPatient[],
  recordOf: SandboxRecordLookup,
  passwordCost: PasswordCost,
): Promise<void> {
  const guardian = patients.find(({ key }) => patients.some(({ representative }) => representative?.key === key));
  if (guardian === undefined) return;
  const { displayName } = guardian;
  const person = { username: SANDBOX_GUARDIAN_USERNAME, displayName, recordId: recordOf(guardian.resources) };
  await addOwnAccount(tx, person, passwordCost);
  const accountId = await findPublishedAccount(tx, SANDBOX_GUARDIAN_USERNAME);
  for (const person of patients) {
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
async function findPublishedAccount(tx: Executor, username: string): Promise<AccountId | undefined> {
  const account = await findAccountByUsername(tx, username);
  return account?.published === true ? account.accountId : undefined;
}
