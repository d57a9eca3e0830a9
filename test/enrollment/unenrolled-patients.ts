import type { CodeChannel, EnrollmentActor, EnrollmentInvitationRequest } from '../../src/enrollment/index.ts';
import { projections } from '../../src/fhir/index.ts';
import { type ImportFile, importFiles, textInput } from '../../src/intake/index.ts';
import { type PatientId, type PracticeId, type RecordId, systemRandom as random } from '../../src/kernel/index.ts';
import { listLatestEmails, type StoredEmail } from '../../src/mail/index.ts';
import { listActiveRecords, listPractices } from '../../src/practices/index.ts';
import { inClear } from '../support/in-clear.ts';
import type { TestServer } from '../support/servers/server.ts';

/** A staff member of the practice, as the practice portal identifies them. */
export const FRONT_DESK: EnrollmentActor = { accountId: undefined, requestId: 'test' };

export interface UnenrolledPatient {
  readonly recordId: RecordId;
  readonly patientId: PatientId;
  readonly practiceId: PracticeId;
  readonly name: string;
  readonly birthDate: string;
  readonly postalCode: string;
  readonly email: string;
  /** A second email address on the patient's chart. */
  readonly otherEmail: string;
  /** The patient's mother, who is a RelatedPerson of the record. */
  readonly mother: { readonly id: string; readonly email: string };
}

let personCount = 0;

interface UnenrolledPatientChanges {
  readonly patient?: object;
  readonly mother?: object | null;
  /** RelatedPerson for the father, with an id. By default the record has none. */
  readonly father?: object;
  readonly kind?: 'sandbox' | 'live';
}

/** Adds a patient without an account to a practice, with two email addresses and a mother in the record. */
export async function addUnenrolledPatient(
  server: Pick<TestServer, 'db' | 'clock'>,
  { patient = {}, mother = {}, father, kind = 'live' }: UnenrolledPatientChanges = {},
): Promise<UnenrolledPatient> {
  personCount += 1;
  const [patientId, motherId] = [random.uuid(), random.uuid()];
  const [email, otherEmail] = [`jane.${personCount}@example.org`, `j.stone.${personCount}@work.example`];
  const motherEmail = `rosa.${personCount}@example.org`;
  const chart = {
    resourceType: 'Patient',
    id: patientId,
    identifier: [{ system: 'urn:test:mrn', value: `MRN-${String(personCount).padStart(5, '0')}` }],
    name: [{ use: 'official', prefix: ['Mrs.'], family: `Stone${personCount}`, given: ['Jane', 'Ada'] }],
    birthDate: '1974-07-04',
    gender: 'female',
    address: [
      { use: 'old', line: ['9 Gone Way'], city: 'Mesa', state: 'AZ', postalCode: '85201' },
      { use: 'home', line: ['12 Elm Street', 'Apt 4'], city: 'Tempe', state: 'AZ', postalCode: '85281-1234' },
    ],
    telecom: [
      { system: 'email', value: email.toUpperCase() },
      { system: 'email', value: 'gone@example.org', use: 'old' },
      { system: 'email', value: otherEmail },
      { system: 'phone', value: '(480) 555-0100' },
    ],
    ...patient,
  };
  const related = {
    resourceType: 'RelatedPerson',
    id: motherId,
    active: true,
    patient: { reference: `Patient/${patientId}` },
    relationship: [{ coding: [{ code: 'MTH', display: 'mother' }] }],
    name: [{ family: 'Stone', given: ['Rosa'] }],
    telecom: [{ system: 'email', value: motherEmail }],
    ...mother,
  };
  const others = [...(mother === null ? [] : [related]), ...(father === undefined ? [] : [{ ...related, ...father }])];
  const resources = [chart, ...others];
  await load(server, kind, textInput(`patient-${personCount}`, resources.map((one) => JSON.stringify(one)).join('\n')));
  const record = (await listActiveRecords(server.db)).find((one) => one.patientId === patientId);
  if (record === undefined) throw new Error('the patient was loaded');
  const { recordId, practiceId, name } = record;
  const person = { recordId, practiceId, name, patientId: patientId as PatientId, email, otherEmail };
  const birthDate = String('birthDate' in patient ? patient.birthDate : chart.birthDate);
  return { ...person, birthDate, postalCode: '85281', mother: { id: motherId, email: motherEmail } };
}

async function load(
  { db, clock }: Pick<TestServer, 'db' | 'clock'>,
  kind: 'sandbox' | 'live',
  file: ImportFile,
): Promise<void> {
  const practice = (await listPractices(db)).find((one) => one.kind === kind);
  if (practice === undefined) throw new Error(`there is a ${kind} practice`);
  const report = await importFiles(
    db,
    { practiceId: practice.practiceId, source: 'load', projections, clock, random },
    [file],
  );
  if (report.refused.length > 0) throw new Error(JSON.stringify(report.refused));
}

/** Input of staff for an invitation of this patient by email. */
export const invitationFor = (
  person: UnenrolledPatient,
  changes: Partial<EnrollmentInvitationRequest> = {},
): EnrollmentInvitationRequest => ({
  recordId: person.recordId,
  whom: { kind: 'patient' },
  email: person.email,
  language: 'en',
  ...changes,
});

export const motherAsRecipient = ({
  mother,
}: UnenrolledPatient): Pick<EnrollmentInvitationRequest, 'whom' | 'email'> => ({
  whom: { kind: 'representative', relatedPersonId: mother.id },
  email: mother.email,
});

/** Returns the emails to an address, newest first. */
export async function emailsTo({ db }: Pick<TestServer, 'db'>, email: string): Promise<readonly StoredEmail[]> {
  return (await listLatestEmails(db, inClear, 500)).filter(({ recipient }) => recipient === email);
}

/** Returns the path of the link in the newest invitation to an address. */
export async function invitationPathFor(server: Pick<TestServer, 'db'>, email: string): Promise<string> {
  for (const { content } of await emailsTo(server, email)) {
    const [, path] = /https?:\/\/[^/\s]+(\/enroll\/[\w-]+)/.exec(content ?? '') ?? [];
    if (path !== undefined) return path;
  }
  throw new Error(`no invitation to ${email}`);
}

export interface SentInvitation {
  readonly invitationId: string;
  /** Path of the invitation: `/enroll/…`. */
  readonly path: string;
  readonly code: string;
}

/** Invites the person by email or letter, and issues the verification code. */
export async function sendInvitation(
  server: Pick<TestServer, 'db' | 'enrollments'>,
  person: UnenrolledPatient,
  changes: Partial<EnrollmentInvitationRequest> = {},
  channel: CodeChannel = 'in-person',
): Promise<SentInvitation> {
  const input = invitationFor(person, changes);
  const { invitationId, letterCode } = await server.enrollments.invite(FRONT_DESK, input);
  const path = letterCode === undefined ? await invitationPathFor(server, input.email ?? '') : `/enroll/${letterCode}`;
  return { invitationId, path, code: (await server.enrollments.issueCode(FRONT_DESK, invitationId, channel)) ?? '' };
}
