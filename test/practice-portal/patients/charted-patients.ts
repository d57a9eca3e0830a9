import { projections } from '../../../src/fhir/index.ts';
import { addRepresentation, createPatientAccount, createRepresentativeAccount } from '../../../src/identity/index.ts';
import { importFiles, textInput } from '../../../src/intake/index.ts';
import type { PatientId, PracticeId, RecordId } from '../../../src/kernel/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import { passwordCost } from '../../support/people/password-cost.ts';
import type { TestServer } from '../../support/servers/server.ts';

export const LIVE = 2 as PracticeId;
export const SANDBOX = 1 as PracticeId;

export interface ChartInput {
  readonly family: string;
  readonly given?: string;
  readonly birthDate?: string | undefined;
  readonly mrn?: string;
  readonly emails?: readonly string[];
  readonly phones?: readonly string[];
  readonly zip?: string | undefined;
  readonly related?: readonly { readonly name: string; readonly relationship: string; readonly email?: string }[];
}

export interface ChartedPatient {
  readonly patientId: PatientId;
  readonly recordId: RecordId;
  /** Path of the patient's page in the practice portal. */
  readonly path: string;
  readonly relatedPersonIds: readonly string[];
}

/** Adds a patient to the practice, with the data of the chart that the practice portal reads. */
export async function addChartedPatient(
  { db, clock }: Pick<TestServer, 'db' | 'clock'>,
  person: ChartInput,
  practiceId = LIVE,
): Promise<ChartedPatient> {
  const id = random.uuid();
  const related = (person.related ?? []).map((one) => relatedPerson(id, one));
  const lines = [patient(id, person), ...related].map((resource) => JSON.stringify(resource)).join('\n');
  const options = { practiceId, source: 'charts', projections, clock, random };
  const report = await importFiles(db, options, [textInput('charts', lines)]);
  if (report.refused.length > 0) throw new Error(JSON.stringify(report.refused));
  const [row] = await db.queryText<{ record_id: number }>(
    'select record_id from record where patient_id = $1 and practice_id = $2',
    [id, practiceId],
  );
  return {
    patientId: id as PatientId,
    recordId: row?.record_id as RecordId,
    path: `/practice/${practiceId}/patients/${id}`,
    relatedPersonIds: related.map((one) => one.id),
  };
}

const patient = (id: string, person: ChartInput): object => {
  const { family, given = 'Ann', mrn, emails = [], phones = [] } = person;
  const birthDate = 'birthDate' in person ? person.birthDate : '1974-07-04';
  const zip = 'zip' in person ? person.zip : '85701';
  return {
    resourceType: 'Patient',
    id,
    name: [{ family, given: [given] }],
    gender: 'female',
    birthDate,
    ...(mrn === undefined ? {} : { identifier: [{ system: 'urn:oid:1.2.3', value: mrn }] }),
    telecom: [
      ...emails.map((value) => ({ system: 'email', value })),
      ...phones.map((value) => ({ system: 'phone', value })),
    ],
    address: [{ use: 'home', line: ['1 Palo Verde'], city: 'Tucson', state: 'AZ', ...(zip && { postalCode: zip }) }],
  };
};

const relatedPerson = (
  patientId: string,
  { name, relationship, email }: { name: string; relationship: string; email?: string },
) => ({
  resourceType: 'RelatedPerson',
  id: random.uuid(),
  active: true,
  patient: { reference: `Patient/${patientId}` },
  relationship: [{ text: relationship }],
  name: [{ text: name }],
  ...(email === undefined ? {} : { telecom: [{ system: 'email', value: email }] }),
});

const newPerson = (displayName: string, email?: string) => ({
  username: `person-${random.bytes(6).toString('hex')}`,
  password: 'correct horse battery',
  displayName,
  published: false,
  email,
});

/** Creates an account for the patient, like enrollment. */
export async function addPatientAccount(
  { db, clock }: Pick<TestServer, 'db' | 'clock'>,
  { recordId }: ChartedPatient,
  { name = 'Ann Own', email }: { name?: string; email?: string } = {},
) {
  const person = newPerson(name, email);
  const accountId = await createPatientAccount(db, { clock, random, passwordCost }, { ...person, recordId });
  if (accountId === undefined) throw new Error('the username is new');
  return { ...person, accountId };
}

/** Creates the account of a representative of the patient. */
export async function addRepresentativeAccount(
  { db, clock }: Pick<TestServer, 'db' | 'clock'>,
  { recordId, relatedPersonIds }: ChartedPatient,
  name = 'Pat Parent',
) {
  const person = newPerson(name);
  const accountId = await createRepresentativeAccount(db, { clock, random, passwordCost }, person);
  if (accountId === undefined) throw new Error('the username is new');
  const [relatedPersonId = random.uuid()] = relatedPersonIds;
  await addRepresentation(db, { accountId, recordId, relatedPersonId });
  return { ...person, accountId };
}

/** Returns the audit events of a kind, oldest first. */
export const findAuditEvents = ({ db }: Pick<TestServer, 'db'>, kind: string) =>
  db.queryText<{ account_id: string; record_id: number | null; outcome: string; detail: Record<string, unknown> }>(
    'select account_id, record_id, outcome, detail from audit_event where kind = $1 order by at',
    [kind],
  );

/** Returns all emails, oldest first. */
export const listEmails = ({ db }: Pick<TestServer, 'db'>) =>
  db.queryText<{ recipient: string; subject: string; content: string; outbox: boolean }>(
    'select recipient, subject, content, outbox from mail order by created_at, mail_id',
    [],
  );

/** Returns the codes of the letters on a page, in order. A sequence of digits within an id isn't a code. */
export const letterCodes = ({ body }: { readonly body: string }): readonly string[] =>
  body.match(/(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}(?![\w-])/g) ?? [];
