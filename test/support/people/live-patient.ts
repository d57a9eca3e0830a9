import { projections } from '../../../src/fhir/index.ts';
import { createPatientAccount } from '../../../src/identity/index.ts';
import { type ImportFile, importFiles, textInput } from '../../../src/intake/index.ts';
import { type AccountId, type RecordId, systemRandom as random } from '../../../src/kernel/index.ts';
import { listActiveRecords, listPractices } from '../../../src/practices/index.ts';
import type { TestServer } from '../servers/server.ts';

export interface LivePerson {
  readonly username: string;
  readonly password: string;
  readonly patientId: string;
  readonly accountId: AccountId;
  /** Key of the patient's record in the launcher and in patient pickers. */
  readonly key: string;
}

const PATIENT = { resourceType: 'Patient', id: 'live-1', name: [{ family: 'Live', given: ['Lou'] }], gender: 'other' };

/** Adds a patient with an account to the live practice, with the same functions as the command line. */
export async function addLivePatient(
  server: Pick<TestServer, 'db' | 'clock' | 'config'>,
  files: readonly ImportFile[] = [textInput('live', JSON.stringify(PATIENT))],
): Promise<LivePerson> {
  const { db, clock, config } = server;
  const live = (await listPractices(db)).find(({ kind }) => kind === 'live');
  if (live === undefined) throw new Error('there is a live practice');
  const known = new Set((await listActiveRecords(db)).map(({ recordId }) => recordId));
  await importFiles(db, { practiceId: live.practiceId, source: 'load', projections, clock, random }, files);
  const record = (await listActiveRecords(db)).find(({ recordId }) => !known.has(recordId));
  if (record === undefined) throw new Error('the files hold a new patient');
  const person = { username: `live-${record.recordId}`, password: random.bytes(12).toString('hex') };
  const { recordId, patientId, name } = record;
  const wanted = { ...person, displayName: name, recordId, published: false };
  const { passwordCost } = config;
  const accountId = await createPatientAccount(db, { clock, random, passwordCost }, wanted);
  if (accountId === undefined) throw new Error('the username is new');
  return { ...person, patientId, accountId, key: `${live.practiceId}-${patientId}` };
}

export async function findRecordId({ db }: Pick<TestServer, 'db'>, { patientId }: LivePerson): Promise<RecordId> {
  const record = (await listActiveRecords(db)).find((one) => one.patientId === patientId);
  if (record === undefined) throw new Error('the patient has a record');
  return record.recordId;
}
