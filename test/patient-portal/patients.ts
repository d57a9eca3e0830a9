import { randomUUID } from 'node:crypto';
import type { Resource } from '../../src/fhir/index.ts';
import { addRepresentation, createRepresentativeAccount } from '../../src/identity/index.ts';
import { textInput } from '../../src/intake/index.ts';
import { type AccountId, systemRandom as random } from '../../src/kernel/index.ts';
import { listPractices } from '../../src/practices/index.ts';
import { addLivePatient, findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import { passwordCost } from '../support/people/password-cost.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import type { TestServer } from '../support/servers/server.ts';

let patientCount = 0;

/** Adds a patient with these resources to the live practice, for one test. */
export function addPatientWithRecord(
  server: TestServer,
  resources: readonly Resource[] = [],
  name: object = { text: `Pat Number ${patientCount}` },
): Promise<LivePerson> {
  patientCount += 1;
  const patient = {
    resourceType: 'Patient',
    id: PATIENT_PLACEHOLDER,
    name: [name],
    gender: 'other',
    birthDate: '1974-07-04',
  };
  const others = resources.map((resource) => ({ ...resource, id: `${resource.id}-${patientCount}` }));
  const own = JSON.parse(
    JSON.stringify([patient, ...others]).replaceAll(PATIENT_PLACEHOLDER, randomUUID()),
  ) as Resource[];
  const text = own.map((resource) => JSON.stringify(resource)).join('\n');
  return addLivePatient(server, [textInput(`person-${patientCount}.ndjson`, text)]);
}

/** Stands for the patient's id in resources that a test provides. */
export const PATIENT_PLACEHOLDER = 'the-patient';
export const subject = { reference: `Patient/${PATIENT_PLACEHOLDER}` };

export interface RepresentativeAccount {
  readonly accountId: AccountId;
  readonly username: string;
  readonly password: string;
}

/** Creates a person who represents this patient and has no record of their own. */
export async function addRepresentativeOf(server: TestServer, child: LivePerson): Promise<RepresentativeAccount> {
  const account = { username: `acts-${random.bytes(5).toString('hex')}`, password: random.bytes(12).toString('hex') };
  const accountInput = { ...account, displayName: 'A Caregiver', published: false };
  const accountId = await createRepresentativeAccount(
    server.db,
    { clock: server.clock, random, passwordCost },
    accountInput,
  );
  if (accountId === undefined) throw new Error('the username is new');
  const recordId = await findRecordId(server, child);
  await addRepresentation(server.db, { accountId, recordId, relatedPersonId: random.uuid() });
  return { ...account, accountId };
}

/** Opens a browser in which this person is signed in. */
export async function signInBrowser(
  server: TestServer,
  person: { username: string; password: string },
): Promise<PatientBrowser> {
  const browser = new PatientBrowser(server.app);
  const done = await browser.signIn('/sign-in?return_to=/account', person);
  if (done.status !== 303) throw new Error(`not signed in: ${done.status} ${done.body}`);
  return browser;
}

export async function setTimeZone(server: TestServer, zone: string): Promise<void> {
  const live = (await listPractices(server.db)).find(({ kind }) => kind === 'live');
  await server.db.queryText('update practice set time_zone = $2 where practice_id = $1', [live?.practiceId, zone]);
}
